//! Ordered maps that can take back what was done to them since the last checkpoint.
//!
//! A batch of inputs is applied before it is stored. When storing fails, the state goes back to before the batch, so
//! that nobody is ever shown what is not on disk. Only rows that a batch touches are copied.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use chat_model::id::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A map with one level of undo.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    /// What touched rows were at the last checkpoint; `None` for those that were not there.
    before: BTreeMap<K, Option<V>>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), before: BTreeMap::new() }
    }
}

/// The rows as they are. What they were at the last checkpoint is not written.
impl<K: Serialize, V: Serialize> Serialize for Table<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.rows)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Table<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<(K, V)>::deserialize(deserializer)?;
        Ok(Self { rows: rows.into_iter().collect(), before: BTreeMap::new() })
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key)
    }

    pub(crate) fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.rows.contains_key(key)
    }

    /// The key as it was put in: equal keys can be spelled differently.
    pub(crate) fn key(&self, key: &K) -> Option<&K> {
        self.rows.get_key_value(key).map(|(key, _)| key)
    }

    /// A row to change.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.before.contains_key(key) {
            let (key, row) = self.rows.get_key_value(key)?;
            self.before.insert(key.clone(), Some(row.clone()));
        }
        self.rows.get_mut(key)
    }

    /// A row to change in what need not be undone, such as when it was last used.
    pub(crate) fn touch(&mut self, key: &K) -> Option<&mut V> {
        self.rows.get_mut(key)
    }

    /// All rows, as with [`Table::touch`].
    pub(crate) fn touch_all(&mut self, mut change: impl FnMut(&K, &mut V)) {
        self.rows.iter_mut().for_each(|(key, row)| change(key, row));
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        let old = self.rows.insert(key.clone(), row);
        self.before.entry(key).or_insert(old);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let (key, old) = self.rows.remove_entry(key)?;
        self.before.entry(key).or_insert_with(|| Some(old.clone()));
        Some(old)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    pub(crate) fn range<R: RangeBounds<K>>(&self, range: R) -> impl Iterator<Item = (&K, &V)> {
        self.rows.range(range)
    }

    /// The rows after one, or all of them.
    pub(crate) fn after(&self, key: Option<&K>) -> impl Iterator<Item = (&K, &V)> {
        self.rows.range((key.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Forgets rows that are over; and of the others the oldest, when there are more than may be remembered. `age` is from
    /// when a row is, or `None` where it must stay.
    pub(crate) fn forget(
        &mut self,
        rows_max: usize,
        age: impl Fn(&V) -> Option<Time>,
        is_over: impl Fn(Time) -> bool,
    ) {
        let mut rows: Vec<_> =
            self.rows.iter().filter_map(|(key, row)| Some((age(row)?, key.clone()))).collect();
        let too_many = self.len().saturating_sub(rows_max);
        if too_many > 0 {
            rows.sort();
        }
        for (index, (from, key)) in rows.into_iter().enumerate() {
            if index < too_many || is_over(from) {
                self.remove(&key);
            }
        }
    }
}

/// What can be taken back, whatever is in it.
pub(crate) trait Undo {
    /// Makes everything up to now final.
    fn checkpoint(&mut self);

    /// Goes back to the last checkpoint.
    fn rollback(&mut self);
}

impl<K: Ord, V> Undo for Table<K, V> {
    fn checkpoint(&mut self) {
        self.before.clear();
    }

    fn rollback(&mut self) {
        for (key, old) in std::mem::take(&mut self.before) {
            match old {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_undoes_changes_insertions_and_removals() {
        let mut table = Table::default();
        for (key, row) in [(1, "one"), (2, "two")] {
            table.insert(key, row);
        }
        table.checkpoint();
        *table.get_mut(&1).expect("there") = "uno";
        *table.get_mut(&1).expect("there") = "eins";
        table.remove(&2);
        table.insert(2, "zwei");
        table.insert(3, "drei");
        table.rollback();
        assert_eq!(table.iter().collect::<Vec<_>>(), [(&1, &"one"), (&2, &"two")]);
    }

    #[test]
    fn a_checkpoint_is_final() {
        let mut table = Table::default();
        table.insert(1, "one");
        table.checkpoint();
        table.rollback();
        assert_eq!(table.get(&1), Some(&"one"));
    }
}
