using System.Globalization;

namespace Varve.Tests.Crash.Thrash;

/// <summary>What a thrash has done.</summary>
internal sealed class ThrashFigures
{
    internal int Rounds, Processes, Kills, Stops, Shifted, Busy, Backups, Forgotten, Restored, Prunes, Fenced, DeletedPacks, Lost;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Rounds} rounds, {Processes} processes, {Kills} killed, {Stops} stopped and continued, {Shifted} with another wall clock, {Busy} busy; "
        + $"{Backups} snapshots committed, {Lost} backups whose session was lost, {Forgotten} snapshots forgotten, {Prunes} prunes to their end, "
        + $"{Fenced} sessions fenced, {DeletedPacks} packs deleted; {Restored} restores compared");
}
