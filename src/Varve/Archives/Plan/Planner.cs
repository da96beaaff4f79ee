using Varve.Archives.Foreign;
using Varve.Archives.Lists;
using Varve.Model.Bytes;
using Varve.Model.Rules;

namespace Varve.Archives.Plan;

/// <summary>
/// Makes a plan: takes what is there and what was saved, in any order and from several threads, then says what is due. Memory is constant.
/// Dispose it.
/// </summary>
internal sealed class Planner : IDisposable
{
    private readonly PlanJoin _join;
    private readonly DueSort _due;
    private readonly PlanRules _actual, _canonical;
    private readonly ByteWriter _name = new(4096);
    private readonly Lock _gate = new();

    /// <param name="options">How.</param>
    /// <param name="rules">Makes rules of what is left out: one set for actual names, one for canonical ones.</param>
    /// <exception cref="VarveException">Unsupported: sort cannot be run.</exception>
    internal Planner(PlanOptions options, Func<PlanRules> rules)
    {
        (_actual, _canonical) = (rules(), rules());
        _join = new PlanJoin(options, Summary);
        try { _due = new DueSort(options, Summary); }
        catch
        {
            _join.Dispose();
            throw;
        }
    }

    /// <summary>What it comes to, when it has run.</summary>
    internal PlanSummary Summary { get; } = new();

    /// <summary>
    /// Something is there: directories do not count. <paramref name="isWalked"/>: by a walk, which has applied all rules to its actual
    /// name. Thread-safe.
    /// </summary>
    internal void AddThere(in ListEntry entry, PathMapping mapping, bool isWalked)
    {
        if (IsDirectory(in entry)) { return; }
        lock (_gate)
        {
            bool isOut = !isWalked && (_actual.Drops(entry.Size, entry.HasTime ? entry.Time : null) || _actual.Excludes(entry.Name));
            if (!isOut && !mapping.IsEmpty)
            {
                _name.Clear();
                mapping.Apply(entry.Name, _name);
                isOut = _canonical.Excludes(_name.Written);
            }

            if (isOut) { Summary.Excluded.Add(entry.Size); }
            else { _join.PutThere(entry.Name, in entry, mapping); }
        }
    }

    /// <summary>Something was saved. Thread-safe.</summary>
    internal void AddSaved(in ListEntry entry, PathMapping mapping)
    {
        if (IsDirectory(in entry)) { return; }
        lock (_gate) { _join.PutSaved(entry.Name, in entry, mapping); }
    }

    /// <summary>All of a list is there.</summary>
    /// <exception cref="VarveException">Usage: a malformed line. Storage: the list cannot be read.</exception>
    internal void AddThere(ListReader list, PathMapping mapping)
    {
        var entry = new ListEntry();
        while (list.Read(ref entry)) { AddThere(in entry, mapping, isWalked: false); }
    }

    /// <summary>All of a list was saved.</summary>
    /// <inheritdoc cref="AddThere(ListReader, PathMapping)"/>
    internal void AddSaved(SavedReader list, PathMapping mapping)
    {
        var entry = new ListEntry();
        while (list.Read(ref entry)) { AddSaved(in entry, mapping); }
    }

    /// <summary>Says what is due, when all was added. Once.</summary>
    /// <exception cref="VarveException">Storage: sort failed, or the output.</exception>
    internal void Run(IPlanOutput output, CancellationToken cancelled)
    {
        _join.Run(_due, output, cancelled);
        _due.Run(output, cancelled);
    }

    private static bool IsDirectory(in ListEntry entry) => entry.Kind == EntryKind.Directory || entry.Name is [.., (byte)'/'];

    /// <inheritdoc/>
    public void Dispose()
    {
        _join.Dispose();
        _due.Dispose();
    }
}
