-- "CHAT": by this number in its header the file is known for ours, whatever its layout, also by file(1).
PRAGMA application_id = 1128808788;
