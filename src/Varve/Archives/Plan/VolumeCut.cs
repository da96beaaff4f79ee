using Varve.Model.Bounds;

namespace Varve.Archives.Plan;

/// <summary>
/// Cuts what is due, in its order, at a budget or into volumes. What does not fit ends the budget, but for what is larger than all of it,
/// which is passed over; what is larger than a volume has one of its own. Not thread-safe.
/// </summary>
internal sealed class VolumeCut(PlanOptions options, PlanSummary summary)
{
    private long _spent, _used; // of the budget, and of the volume
    private bool _isSpent, _isAlone;

    /// <summary>
    /// The files of a directory follow, of so many bytes: where this volume has no room for them the next is begun, if they are in fewer
    /// volumes then.
    /// </summary>
    internal void Begin(long bytes)
    {
        if (options.VolumeSize is not { } size || summary.Volumes == 0) { return; }
        long room = _isAlone ? 0 : size - _used;
        if (bytes > room && _used > 0 && (bytes <= size || bytes % size > room)) { Open(); }
    }

    /// <summary>The volume of the next file, from 1; 0: it is left out. Counts it.</summary>
    internal int Place(long size)
    {
        long bytes = Math.Max(size, 0);
        if (options.Budget is { } budget)
        {
            if (bytes > budget)
            {
                summary.TooLarge.Add(size);
                return 0;
            }

            _isSpent |= bytes > budget - _spent;
            if (_isSpent)
            {
                summary.BeyondBudget.Add(size);
                return 0;
            }

            _spent += bytes;
        }

        if (options.VolumeSize is { } volume)
        {
            bool isLarger = bytes > volume;
            if (summary.Volumes == 0 || _isAlone || (isLarger && _used > 0) || (!isLarger && bytes > volume - _used)) { Open(); }
            _isAlone = isLarger;
            if (isLarger) { summary.Alone++; }
        }
        else if (summary.Volumes == 0) { Open(); }

        _used = Saturating.Add(_used, bytes);
        summary.Due.Add(size);
        return summary.Volumes;
    }

    private void Open()
    {
        summary.Volumes++;
        (_used, _isAlone) = (0, false);
    }
}
