//! Slots for connections: how many there are in all, and from one address; and how fast one address may come again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chat_model::address::block;
use chat_model::close_reason::CloseReason;
use chat_model::id::SessionId;
use chat_model::limits::Limits;
use prometheus_client::metrics::counter::Counter;

use crate::bucket::{Bucket, Pace, Rate};

/// Addresses that are remembered without a look at which of them need not be.
const ADDRESSES_MIN: usize = 1024;
/// Addresses that are remembered at the most while they have no connection.
const IDLE_ADDRESSES_MAX: usize = 65_536;
/// Seconds in a minute, over which new connections are counted.
const MINUTE_S: f64 = 60.0;

/// One address, or one IPv6 network of a customer.
#[derive(Debug)]
struct Owner {
    connections: usize,
    /// New connections that it may make.
    visits: Bucket,
    pace: Arc<Pace>,
    /// Whether it was refused since it last got a slot: a storm is one line in the log.
    refused: bool,
}

impl Owner {
    /// Whether it may do all that an address may of which nothing is known.
    fn is_rested(&mut self, visits: Option<Rate>, pace: Rate, now: Instant) -> bool {
        let may_come = visits.is_none_or(|rate| {
            self.visits.fill(rate, now);
            self.visits.is_full(rate)
        });
        may_come && self.pace.bucket(pace, now).is_full(pace)
    }
}

#[derive(Debug, Default)]
struct Table {
    /// Slots that were used and are free again, with the number of the next turn.
    free: Vec<(u32, u32)>,
    used: u32,
    taken: usize,
    owners: HashMap<IpAddr, Owner>,
    /// At this many addresses those are forgotten that nothing has to be remembered of.
    forget_at: usize,
}

/// Gives out session ids, as long as there is room.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    table: Mutex<Table>,
    /// How often a client had to wait because of its address.
    held: Counter,
}

/// A slot for a connection.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) session: SessionId,
    /// `None` for unix sockets, which have no address.
    pub(crate) pace: Option<Arc<Pace>>,
}

/// There is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoSlot {
    pub(crate) why: CloseReason,
    /// The limit that was met, by its key in the configuration.
    pub(crate) limit: &'static str,
    /// Whether this address was refused before.
    pub(crate) again: bool,
}

/// New connections of one address.
fn visit_rate(limits: &Limits) -> Option<Rate> {
    let per_second = f64::from(limits.connections_per_minute) / MINUTE_S;
    (limits.connection_burst > 0).then_some(Rate { burst: f64::from(limits.connection_burst), per_second })
}

/// Bytes that others are shown of what all connections of one address send.
pub(crate) fn pace_rate(limits: &Limits) -> Rate {
    let (burst, per_second) = (limits.address_burst_bytes as f64, limits.address_bytes_per_second as f64);
    Rate { burst, per_second }
}

impl Slots {
    pub(crate) fn new(held: Counter) -> Self {
        Self { table: Mutex::default(), held }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // No change below can be cut in half by a panic.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot for one more connection, if there is room in all and for this address. Unix sockets have no address, and
    /// always get a slot: an administrator must get in when the room is full.
    pub(crate) fn take(
        &self,
        address: Option<IpAddr>,
        limits: &Limits,
        now: Instant,
    ) -> Result<Slot, NoSlot> {
        let mut table = self.table();
        let pace = match address.map(block) {
            Some(address) => Some(table.admit(address, limits, now, &self.held)?),
            None => None,
        };
        table.taken += 1;
        let (slot, turn) = match table.free.pop() {
            Some(freed) => freed,
            None => {
                table.used += 1;
                (table.used - 1, 0)
            }
        };
        Ok(Slot { session: SessionId::new(slot, turn), pace })
    }

    /// The connection is gone, and nothing remembers its id.
    pub(crate) fn give_back(&self, session: SessionId, address: Option<IpAddr>) {
        let mut table = self.table();
        table.taken -= 1;
        table.free.push((session.slot() as u32, session.turn().wrapping_add(1)));
        if let Some(owner) = address.map(block).and_then(|address| table.owners.get_mut(&address)) {
            owner.connections -= 1;
        }
    }
}

impl Table {
    fn admit(
        &mut self,
        address: IpAddr,
        limits: &Limits,
        now: Instant,
        held: &Counter,
    ) -> Result<Arc<Pace>, NoSlot> {
        if self.owners.len() >= self.forget_at.max(ADDRESSES_MIN) {
            self.forget(limits, now);
        }
        let is_full = self.taken >= limits.connections_max;
        let visits = visit_rate(limits);
        let owner = self.owners.entry(address).or_insert_with(|| Owner {
            connections: 0,
            visits: Bucket::full(visits.unwrap_or(Rate { burst: 0.0, per_second: 0.0 }), now),
            pace: Arc::new(Pace::new(pace_rate(limits), now, held.clone())),
            refused: false,
        });
        let again = owner.refused;
        owner.refused = true;
        let refused = |why, limit| Err(NoSlot { why, limit, again });
        if is_full {
            return refused(CloseReason::TooManyConnections, "connections");
        }
        if owner.connections >= limits.connections_per_address_max {
            return refused(CloseReason::TooManyConnections, "connections_per_address");
        }
        if let Some(rate) = visits {
            owner.visits.fill(rate, now);
            if owner.visits.count() == 0 {
                return refused(CloseReason::ConnectsTooOften, "connection_rate");
            }
            owner.visits.spend(1);
        }
        owner.refused = false;
        owner.connections += 1;
        Ok(owner.pace.clone())
    }

    /// Forgets addresses without connections: those that may do all that a new one may; and all of them, when they are
    /// too many.
    fn forget(&mut self, limits: &Limits, now: Instant) {
        let (visits, pace) = (visit_rate(limits), pace_rate(limits));
        let idle = self.owners.values().filter(|owner| owner.connections == 0).count();
        self.owners.retain(|_, owner| {
            let is_worth_it = idle <= IDLE_ADDRESSES_MAX && !owner.is_rested(visits, pace, now);
            owner.connections > 0 || is_worth_it
        });
        self.forget_at = self.owners.len().saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    /// The limit that is met, or nothing.
    fn met(slots: &Slots, text: &str, limits: &Limits, now: Instant) -> Option<&'static str> {
        slots.take(address(text), limits, now).err().map(|refused| refused.limit)
    }

    #[test]
    fn places_are_limited_in_all_and_for_an_address() {
        let limits = Limits { connections_max: 3, connections_per_address_max: 2, ..Limits::default() };
        let (slots, now) = (Slots::default(), Instant::now());
        let first = slots.take(address("2001:db8::1"), &limits, now).expect("room").session;
        assert_eq!(met(&slots, "2001:db8::2", &limits, now), None);
        assert_eq!(met(&slots, "2001:db8::3", &limits, now), Some("connections_per_address"));
        assert_eq!(met(&slots, "192.0.2.1", &limits, now), None);
        assert_eq!(met(&slots, "192.0.2.2", &limits, now), Some("connections"));
        assert!(slots.take(None, &limits, now).expect("room").pace.is_none());
        slots.give_back(first, address("2001:db8::1"));
        assert_eq!(slots.take(None, &limits, now).expect("room").session, SessionId::new(0, 1));
    }

    #[test]
    fn an_address_may_come_often_but_not_again_and_again() {
        let limits = Limits { connection_burst: 2, connections_per_minute: 30, ..Limits::default() };
        let (slots, start) = (Slots::default(), Instant::now());
        let visit = |text: &str, now: Instant| {
            let slot = slots.take(address(text), &limits, now)?;
            slots.give_back(slot.session, address(text));
            Ok::<_, NoSlot>(())
        };
        let refused =
            |again| Err(NoSlot { why: CloseReason::ConnectsTooOften, limit: "connection_rate", again });
        assert_eq!(visit("2001:db8::1", start), Ok(()));
        assert_eq!(visit("2001:db8::2", start), Ok(()));
        assert_eq!(visit("2001:db8::3", start), refused(false));
        assert_eq!(visit("2001:db8::3", start), refused(true));
        assert_eq!(visit("2001:db8:0:1::", start), Ok(()));
        let later = start + Duration::from_secs(2);
        assert_eq!(visit("2001:db8::4", later), Ok(()));
        assert_eq!(visit("2001:db8::4", later), refused(false));
        let off = Limits { connection_burst: 0, ..limits.clone() };
        assert_eq!(met(&slots, "2001:db8::4", &off, later), None);
    }

    #[test]
    fn addresses_that_rest_are_forgotten() {
        let (limits, slots, start) = (Limits::default(), Slots::default(), Instant::now());
        let mut one = 0_u32;
        let mut visits = |count: usize, now: Instant| {
            for _ in 0..count {
                one += 1;
                let from = Some(IpAddr::from(one.to_be_bytes()));
                let slot = slots.take(from, &limits, now).expect("room");
                slots.give_back(slot.session, from);
            }
            slots.table().owners.len()
        };
        assert_eq!(visits(ADDRESSES_MIN, start), ADDRESSES_MIN);
        assert_eq!(visits(1, start + Duration::from_secs(60)), 1);
        // However many come at once, they are not remembered without end.
        assert!(visits(3 * IDLE_ADDRESSES_MAX, start + Duration::from_secs(60)) <= 2 * IDLE_ADDRESSES_MAX);
    }
}
