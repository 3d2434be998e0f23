"""The command line; each command has a module of its name."""

import click

from service import __version__
from service.cli.assess import assess
from service.cli.check import check
from service.cli.clients import clients
from service.cli.codes import codes
from service.cli.exits import Commands
from service.cli.facts import facts
from service.cli.packet import packet
from service.cli.policy import policy
from service.cli.population import population
from service.cli.serve import serve
from service.cli.statements import statements
from service.cli.store_upkeep import store
from service.cli.testing.cases import cases
from service.cli.testing.generate import generate
from service.cli.testing.record_calls import record
from service.cli.testing.replay_recordings import replay
from service.cli.testing.request_of_bundle import request
from service.cli.therapy import therapy


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dupilumab-cds")
def main() -> None:
    """Judges a drug order against its payer's policy. Settings: the CDS_… variables of the environment."""


main.add_command(serve)
main.add_command(assess)
main.add_command(cases)
main.add_command(check)
main.add_command(clients)
main.add_command(codes)
main.add_command(facts)
main.add_command(packet)
main.add_command(generate)
main.add_command(policy)
main.add_command(statements)
main.add_command(population)
main.add_command(store)
main.add_command(record)
main.add_command(replay)
main.add_command(request)
main.add_command(therapy)
