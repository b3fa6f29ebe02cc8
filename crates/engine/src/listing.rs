//! Answers that list more than fits into one piece. Each piece is made when the client has taken the one before, from where
//! that one ended, by what is there then: whatever the length of an answer, little of it is in memory, and nobody else
//! waits for it.

use chat_model::reply::{Part, Reply};
use serde::{Deserialize, Serialize};

use crate::commands::{channels, list, names, online, who};
use crate::cx::Cx;
use crate::input::Question;
use crate::pending::What;
use crate::state::table::Table;

/// Rows in one piece: among a hundred thousand, what makes a row is in no cache, and others wait for a microsecond or two
/// with each.
const ROWS_MAX: usize = 50;
/// Rows that are looked at for one piece, whether they are shown or not.
pub(crate) const LOOKED_AT_MAX: usize = 250;

/// A list, and how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Listing {
    List(list::Listing),
    Who(who::Listing),
    Online(online::Listing),
    Channels(channels::Listing),
    Names(names::Listing),
}

/// How far a list is: after which row, and how many were shown before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Progress<K> {
    after: Option<K>,
    count: usize,
}

impl<K> Default for Progress<K> {
    fn default() -> Self {
        Self { after: None, count: 0 }
    }
}

/// The next rows of a list.
pub(crate) struct Piece<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) part: Part,
}

impl<K: Ord + Clone> Progress<K> {
    /// Goes on through rows that are in the order of their keys and come after the last one.
    pub(crate) fn take<T, R>(
        &mut self,
        rows: impl Iterator<Item = T>,
        key: impl Fn(&T) -> K,
        shown: impl FnMut(T) -> Option<R>,
    ) -> Piece<R> {
        self.take_up_to(ROWS_MAX, LOOKED_AT_MAX, rows, key, shown)
    }

    /// The same with another number of rows in a piece, and of rows that are looked at.
    pub(crate) fn take_up_to<T, R>(
        &mut self,
        rows_max: usize,
        looked_at_max: usize,
        rows: impl Iterator<Item = T>,
        key: impl Fn(&T) -> K,
        mut shown: impl FnMut(T) -> Option<R>,
    ) -> Piece<R> {
        let is_first = self.after.is_none();
        let (mut piece, mut is_last) = (Vec::new(), true);
        for (looked_at, row) in rows.enumerate() {
            if piece.len() == rows_max || looked_at == looked_at_max {
                is_last = false;
                break;
            }
            self.after = Some(key(&row));
            piece.extend(shown(row));
        }
        self.count += piece.len();
        Piece { rows: piece, part: Part { is_first, total: is_last.then_some(self.count) } }
    }

    /// As [`Progress::take`], through a table.
    pub(crate) fn take_from<V: Clone, R>(
        &mut self,
        table: &Table<K, V>,
        shown: impl FnMut((&K, &V)) -> Option<R>,
    ) -> Piece<R> {
        let after = self.after.clone();
        self.take(table.after(after.as_ref()), |(key, _)| (*key).clone(), shown)
    }

    /// A list that ends here.
    pub(crate) fn end<R>(&self) -> Piece<R> {
        Piece { rows: Vec::new(), part: Part { is_first: self.after.is_none(), total: Some(self.count) } }
    }

    pub(crate) fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }
}

/// Shows the next piece of a list, and asks when the one after it may come.
pub(crate) fn go_on(cx: &mut Cx<'_>, mut listing: Listing) {
    let (reply, part) = match &mut listing {
        Listing::Names(listing) => match listing.piece(cx) {
            Some(piece) => piece,
            None => return,
        },
        Listing::List(listing) => listing.piece(cx),
        Listing::Who(listing) => listing.piece(cx),
        Listing::Online(listing) => listing.piece(cx),
        Listing::Channels(listing) => listing.piece(cx),
    };
    cx.reply(reply);
    if part.total.is_none() {
        cx.ask_for_more(Question::Drained, What::Listing(listing));
    }
}

/// What a piece comes to.
pub(crate) type Shown = (Reply, Part);
