//! What the ranks of a channel are good for. The table is the one that Ergo goes by and that InspIRCd comes near to,
//! with one difference: a founder is founder for good, so nobody else takes that away.
//!
//! | rank | gives and takes | puts out | changes |
//! |---|---|---|---|
//! | `q` founder | `q` (to give), `a`, `o`, `h`, `v` | everybody | everything |
//! | `a` protected | `o`, `h`, `v` | whoever is neither founder nor protected | everything |
//! | `o` operator | `o`, `h`, `v` | whoever is neither founder nor protected | everything |
//! | `h` half-operator | `v` | those with voice or nothing | topic, bans, and whom it invites |
//! | `v` voice | | | speaks where `+m` or a ban forbids it |
//!
//! Whatever one holds oneself, one may lay down (RFC 2812 section 3.1.5).

use chat_model::mode::{Rank, Ranks};

/// Whether holding `mine` is enough to give and take a rank, or to put out who holds no higher one.
fn is_above(mine: Option<Rank>, theirs: Option<Rank>) -> bool {
    match mine {
        Some(Rank::Founder) => true,
        Some(Rank::Protected | Rank::Operator) => theirs < Some(Rank::Protected),
        Some(Rank::HalfOperator) => theirs < Some(Rank::HalfOperator),
        Some(Rank::Voice) | None => false,
    }
}

/// Whether somebody may be put out of the channel.
pub(crate) fn may_kick(mine: Ranks, theirs: Ranks) -> bool {
    is_above(mine.highest(), theirs.highest())
}

/// Whether a rank may be given (`on`) or taken.
pub(crate) fn may_change(mine: Ranks, rank: Rank, on: bool, is_own: bool) -> bool {
    match (rank, on) {
        (_, false) if is_own => true,
        (Rank::Founder, false) => false,
        _ => is_above(mine.highest(), Some(rank)),
    }
}

/// The lowest rank that gives and takes another: whom to ask for it.
pub(crate) fn giver_of(rank: Rank) -> Rank {
    match rank {
        Rank::Founder | Rank::Protected => Rank::Founder,
        Rank::Operator | Rank::HalfOperator => Rank::Operator,
        Rank::Voice => Rank::HalfOperator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which ranks somebody with `mine` may give, and take from others, by their letters.
    #[test]
    fn ranks_are_given_and_taken_by_those_above() {
        let cases = [("q", "qaohv", "aohv"), ("a", "ohv", "ohv"), ("o", "ohv", "ohv"), ("h", "v", "v")];
        for (mine, gives, takes) in cases.into_iter().chain([("v", "", ""), ("", "", "")]) {
            let mine = Ranks::from_letters(mine);
            let may = |on| Rank::ALL.into_iter().filter(move |rank| may_change(mine, *rank, on, false));
            assert_eq!(may(true).map(Rank::letter).collect::<String>(), gives, "{mine:?} gives");
            assert_eq!(may(false).map(Rank::letter).collect::<String>(), takes, "{mine:?} takes");
        }
    }

    #[test]
    fn everybody_may_lay_down_a_rank() {
        for rank in Rank::ALL {
            assert!(may_change(Ranks::default(), rank, false, true));
        }
    }

    #[test]
    fn who_is_above_may_put_out() {
        let cases = [("q", "qaohv-"), ("a", "ohv-"), ("o", "ohv-"), ("h", "v-"), ("v", ""), ("", "")];
        for (mine, victims) in cases {
            let may =
                |letter: &char| may_kick(Ranks::from_letters(mine), Ranks::from_letters(&letter.to_string()));
            let out: String = "qaohv-".chars().filter(may).collect();
            assert_eq!(out, victims, "put out by {mine:?}");
        }
    }

    #[test]
    fn who_is_asked_for_a_rank_may_give_it() {
        for rank in Rank::ALL {
            let giver: Ranks = [giver_of(rank)].into_iter().collect();
            assert!(may_change(giver, rank, true, false));
        }
    }
}
