//! Places for connections: how many there are in all, and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chat_model::address::block;
use chat_model::id::SessionId;
use chat_model::limits::Limits;

#[derive(Debug, Default)]
struct Table {
    /// Slots that were used and are free again, with the number of the next turn.
    free: Vec<(u32, u32)>,
    used: u32,
    taken: usize,
    addresses: HashMap<IpAddr, usize>,
}

/// Gives out session ids, as long as there is room.
#[derive(Debug, Default)]
pub(crate) struct Slots(Mutex<Table>);

impl Slots {
    fn table(&self) -> MutexGuard<'_, Table> {
        // No change below can be cut in half by a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection; `None` when there is no room, in all or for this address. Unix sockets have
    /// no address, and always get a place: an administrator must get in when the room is full.
    pub(crate) fn take(&self, address: Option<IpAddr>, limits: &Limits) -> Option<SessionId> {
        let mut table = self.table();
        if let Some(address) = address.map(block) {
            let of_address = table.addresses.get(&address).copied().unwrap_or(0);
            if table.taken >= limits.connections_max || of_address >= limits.connections_per_address_max {
                return None;
            }
            table.addresses.insert(address, of_address + 1);
        }
        table.taken += 1;
        let (slot, turn) = match table.free.pop() {
            Some(place) => place,
            None => {
                table.used += 1;
                (table.used - 1, 0)
            }
        };
        Some(SessionId::new(slot, turn))
    }

    /// The connection is gone, and nothing remembers its id.
    pub(crate) fn give_back(&self, session: SessionId, address: Option<IpAddr>) {
        let mut table = self.table();
        table.taken -= 1;
        let turn = (session.0 >> 32) as u32;
        table.free.push((session.slot() as u32, turn.wrapping_add(1)));
        if let Some(address) = address.map(block)
            && let Some(count) = table.addresses.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                table.addresses.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_in_all_and_for_an_address() {
        let limits = Limits { connections_max: 3, connections_per_address_max: 2, ..Limits::default() };
        let slots = Slots::default();
        let address = |text: &str| Some(text.parse().expect("an address"));
        let first = slots.take(address("2001:db8::1"), &limits).expect("room");
        slots.take(address("2001:db8::2"), &limits).expect("room");
        assert_eq!(slots.take(address("2001:db8::3"), &limits), None);
        slots.take(address("192.0.2.1"), &limits).expect("room");
        assert_eq!(slots.take(address("192.0.2.2"), &limits), None);
        assert!(slots.take(None, &limits).is_some());
        slots.give_back(first, address("2001:db8::1"));
        assert_eq!(slots.take(None, &limits), Some(SessionId::new(0, 1)));
    }
}
