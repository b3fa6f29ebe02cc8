//! A paced load, alone and beside others who ask for a long list over and over: what everybody else feels of it.

use crate::arguments::{Arguments, Beside, Plan, Question};
use crate::asker::{Askers, Asking};
use crate::client::{self, Client};
use crate::load;
use crate::report::{self, Latency, Report};
use anyhow::Context as _;
use std::rc::Rc;
use tokio::task::{JoinSet, spawn_local};

/// Channels that one client is on; most servers allow no more.
const CHANNELS_PER_CLIENT: usize = 1000;

pub(crate) async fn run(arguments: &Arguments, beside: &Beside) -> anyhow::Result<Report> {
    let listed = Listed::new(beside);
    let clients = listed.gather(arguments).await?;
    for client in clients {
        spawn_local(async move { client.idle().await });
    }
    let plan = Plan::from(&beside.paced);
    let alone = paced(arguments, &plan).await?;
    let askers = Askers::start(arguments.address, &listed.asking(beside), beside.askers)?;
    let meanwhile = paced(arguments, &plan).await;
    let asked = askers.stop()?;
    Ok(Report::Beside(report::Beside {
        alone,
        beside: meanwhile?,
        answers: asked.answers,
        lines: asked.lines,
    }))
}

async fn paced(arguments: &Arguments, plan: &Plan) -> anyhow::Result<Latency> {
    load::run(arguments, plan).await?.latency.context("a paced load measures how long messages take")
}

/// What there is to be listed.
struct Listed {
    /// The channel of each of its members.
    members: Vec<String>,
    /// Other channels.
    channels: Vec<String>,
}

impl Listed {
    fn new(beside: &Beside) -> Self {
        let run = std::process::id();
        Self {
            members: vec![format!("#crowd{run}"); beside.members],
            channels: (0..beside.channels).map(|channel| format!("#list{run}-{channel}")).collect(),
        }
    }

    /// Has all of it on the server; the clients are those who keep it there.
    async fn gather(&self, arguments: &Arguments) -> anyhow::Result<Vec<Rc<Client>>> {
        let (address, connecting) = (arguments.address, arguments.connecting);
        let mut clients = client::seat_all(address, connecting, &self.members).await?;
        let groups: Vec<Vec<String>> =
            self.channels.chunks(CHANNELS_PER_CLIENT).map(<[String]>::to_vec).collect();
        let firsts: Vec<String> = groups.iter().map(|group| group[0].clone()).collect();
        let keepers = client::seat_all(address, connecting, &firsts).await?;
        let mut joining = JoinSet::new();
        for (keeper, group) in keepers.iter().cloned().zip(groups) {
            joining.spawn_local(async move { keeper.join_all(&group[1..]).await });
        }
        while let Some(joined) = joining.join_next().await {
            joined??;
        }
        clients.extend(keepers);
        Ok(clients)
    }

    fn asking(&self, beside: &Beside) -> Asking {
        let channel = &self.members[0];
        match (&beside.program, beside.ask) {
            (Some(program), _) => Asking::Program(program.clone()),
            (None, Some(Question::Who)) => Asking::list("WHO *".to_owned(), "315"),
            (None, Some(Question::Names)) => Asking::list(format!("NAMES {channel}"), "366"),
            (None, _) => Asking::list("LIST".to_owned(), "323"),
        }
    }
}
