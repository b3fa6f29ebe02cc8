//! REGISTER (IRCv3 draft/account-registration) and LOGIN.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::invitation::{InvitationCode, Registration, password_and_code};
use chat_model::login_name::LoginName;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::secret::{PasswordHash, SecretId};

use super::{invitation, lang};
use crate::arrival;
use crate::budgets::{self, Budget};
use crate::cx::{Cx, Outcome};
use crate::input::Question;
use crate::login;
use crate::pending::{LoginMethod, What};

/// `REGISTER <account|*> <code|*> <password>`, or as people type it, `/register password [code]`.
pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    if call.is_typed() {
        let (_, code) = password_and_code(words.rest()?);
        return start(cx, "*", code);
    }
    let account = words.word()?;
    // IRCv3 has an e-mail address here. Nothing is done with one, so the place is free for a code.
    let code = InvitationCode::new(words.word()?);
    start(cx, account, code)
}

/// Makes the nickname that somebody has, or asked for, an account of its own.
pub(super) fn start(cx: &mut Cx<'_>, account: &str, code: Option<InvitationCode>) -> Outcome {
    let mine = own_account(cx)?;
    if account != "*" && Account::new(account).ok() != Some(mine.clone()) {
        return Err(Refusal::AccountNameMustBeNick { account: account.into() });
    }
    may_register(cx, &mine, code.as_ref())?;
    let password = new_password(cx)?;
    cx.ask(Question::Hash { password }, What::Register { account: mine, code }, true);
    Ok(())
}

/// The account that the asking session may make. Where there are no guests, one makes it before coming in.
fn own_account(cx: &Cx<'_>) -> Result<Account, Refusal> {
    let row = cx.session_row();
    if let Some(me) = row.user {
        return Ok(cx.user(me).who.nick.to_account());
    }
    if cx.state.settings().guests || row.is_administrator() {
        return Err(Refusal::CompleteConnectionRequired);
    }
    row.asked_nick.as_ref().map(|nick| nick.to_account()).ok_or(Refusal::NoNicknameGiven)
}

fn may_register(cx: &Cx<'_>, account: &Account, code: Option<&InvitationCode>) -> Outcome {
    let registration = cx.state.settings().registration;
    if registration == Registration::Closed {
        return Err(Refusal::RegistrationClosed);
    }
    if let Some(account) = cx.account() {
        return Err(Refusal::AlreadyLoggedIn { account: account.clone() });
    }
    if let Some(account) = cx.state.account(account) {
        return Err(Refusal::AccountExists { account });
    }
    if cx.session_row().user.is_none() {
        arrival::may_have_account(cx, account)?;
    }
    // Whoever gives out codes decides how many accounts there are.
    match registration {
        Registration::Invite => invitation::require(cx, code),
        _ => check_budgets(cx),
    }
}

/// The accounts that the asking session's address may make, and that all may.
fn account_budgets(cx: &Cx<'_>) -> impl Iterator<Item = Budget> + use<> {
    let own = |address| [Budget::AccountsInHour(address), Budget::AccountsInDay(address)];
    budgets::owner(cx).into_iter().flat_map(own).chain([Budget::AllAccounts])
}

fn check_budgets(cx: &Cx<'_>) -> Outcome {
    match account_budgets(cx).find(|budget| budgets::is_spent(cx, *budget)) {
        None => Ok(()),
        Some(budget) => Err(Refusal::TooManyAccounts { everywhere: budget == Budget::AllAccounts }),
    }
}

/// What the asking session wants as a password, if it may be one.
pub(super) fn new_password(cx: &Cx<'_>) -> Result<SecretId, Refusal> {
    cx.secret().ok().filter(|secret| secret.is_fit).map(|secret| secret.id).ok_or(Refusal::BadPassword)
}

/// The password's hash is there. Much may have happened meanwhile.
pub(crate) fn hashed(
    cx: &mut Cx<'_>,
    account: Account,
    code: Option<InvitationCode>,
    hash: PasswordHash,
) -> Outcome {
    if own_account(cx)? != account {
        return Err(Refusal::AccountNameMustBeNick { account: account.as_str().into() });
    }
    may_register(cx, &account, code.as_ref())?;
    if let Some(code) = code.filter(|_| cx.state.settings().registration == Registration::Invite) {
        invitation::use_up(cx, code)?;
    }
    add(cx, &account, hash)?;
    if cx.state.settings().registration == Registration::Open {
        account_budgets(cx).for_each(|budget| budgets::spend(cx, budget, 1));
    }
    lang::registered(cx, &account);
    let Some(me) = cx.session_row().user else {
        login::note(cx, account, true);
        return arrival::resume(cx);
    };
    login::set_account(cx, me, &account);
    arrival::came(cx, &account, me);
    login::answer(cx, me, &account, true);
    Ok(())
}

/// A new account.
pub(super) fn add(cx: &mut Cx<'_>, account: &Account, hash: PasswordHash) -> Outcome {
    let created = cx.stamp();
    cx.save(Change::Account { account: account.clone(), hash, created })?;
    cx.state.add_account(account.clone(), created.id, None);
    Ok(())
}

/// `LOGIN account password`: what SASL PLAIN comes down to.
pub(super) fn login(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let name = words.next_word().and_then(|word| LoginName::new(word).ok()).ok_or(Refusal::LoginFailed)?;
    let password = cx.secret().map_err(|_| Refusal::LoginFailed)?.id;
    login::start(cx, name, password, LoginMethod::Login)
}
