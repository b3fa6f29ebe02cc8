//! The capabilities that this face offers (IRCv3 capability negotiation), one row each.

use crate::Context;
use chat_model::invitation::Registration;

/// One capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Capability {
    AccountNotify,
    AccountTag,
    AwayNotify,
    Batch,
    CapNotify,
    EchoMessage,
    ExtendedJoin,
    InviteNotify,
    LabeledResponse,
    MessageTags,
    MultiPrefix,
    Sasl,
    ServerTime,
    Setname,
    StandardReplies,
    UserhostInNames,
    AccountRegistration,
    Chathistory,
}

/// A row: the capability, its name, its value if that is always the same, and whether it changes how an
/// event looks to somebody who did not cause it.
pub(super) struct Row {
    pub(super) capability: Capability,
    pub(super) name: &'static str,
    value: Option<&'static str>,
    changes_events: bool,
}

const fn row(capability: Capability, name: &'static str, changes_events: bool) -> Row {
    Row { capability, name, value: None, changes_events }
}

/// All of them, in the order of CAP LS.
static ROWS: [Row; 18] = [
    row(Capability::AccountNotify, "account-notify", true),
    row(Capability::AccountTag, "account-tag", true),
    row(Capability::AwayNotify, "away-notify", true),
    row(Capability::Batch, "batch", false),
    row(Capability::CapNotify, "cap-notify", false),
    row(Capability::EchoMessage, "echo-message", false),
    row(Capability::ExtendedJoin, "extended-join", true),
    row(Capability::InviteNotify, "invite-notify", true),
    row(Capability::LabeledResponse, "labeled-response", false),
    row(Capability::MessageTags, "message-tags", true),
    row(Capability::MultiPrefix, "multi-prefix", false),
    Row { value: Some("PLAIN"), ..row(Capability::Sasl, "sasl", false) },
    row(Capability::ServerTime, "server-time", true),
    row(Capability::Setname, "setname", true),
    row(Capability::StandardReplies, "standard-replies", false),
    row(Capability::UserhostInNames, "userhost-in-names", false),
    row(Capability::AccountRegistration, "draft/account-registration", false),
    row(Capability::Chathistory, "draft/chathistory", false),
];

/// The rows that are offered at the moment.
pub(super) fn offered(cx: &Context) -> impl Iterator<Item = &'static Row> {
    let registration = cx.registration != Registration::Closed;
    ROWS.iter().filter(move |row| registration || row.capability != Capability::AccountRegistration)
}

impl Row {
    /// Its value for clients that know values.
    pub(super) fn value(&self, cx: &Context) -> Option<&'static str> {
        // Without guests nobody could be connected who has no account yet.
        let early = self.capability == Capability::AccountRegistration && !cx.guests;
        if early { Some("before-connect") } else { self.value }
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Capabilities(u32);

impl Capabilities {
    /// Reads [`Capabilities::bits`] or [`Capabilities::for_events`].
    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// All of them.
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn has(self, capability: Capability) -> bool {
        self.0 & (1 << capability as u32) != 0
    }

    pub(super) fn set(&mut self, capability: Capability, on: bool) {
        let bit = 1 << capability as u32;
        self.0 = if on { self.0 | bit } else { self.0 & !bit };
    }

    /// Whether answers can be labelled: labeled-response depends on batch.
    pub(super) fn labels(self) -> bool {
        self.has(Capability::LabeledResponse) && self.has(Capability::Batch)
    }

    /// Those that change how the doings of others look, as bits: the fewer, the more sessions look alike.
    pub(super) fn for_events(self) -> u32 {
        let bits = |row: &Row| if row.changes_events { 1 << row.capability as u32 } else { 0 };
        self.0 & ROWS.iter().map(bits).fold(0, |all, bit| all | bit)
    }

    /// The names, as CAP LIST tells them.
    pub(super) fn names(self) -> Vec<&'static str> {
        ROWS.iter().filter(|row| self.has(row.capability)).map(|row| row.name).collect()
    }
}
