using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.Archives.Plan;

/// <summary>Writes a file of a plan as a line. Stateless; allocates nothing.</summary>
internal static class PlanLine
{
    /// <summary>Writes it. Null, or why the format has no room for it; then nothing was written.</summary>
    internal static string? Write(ByteWriter into, PlanFormat format, in PlanFile file)
    {
        if (format.List is { } list)
        {
            var entry = new ListEntry
            {
                Name = file.Actual, Time = file.Time, HasTime = file.Precision != 0, Precision = file.Precision, Size = file.Size,
            };
            return ListWriter.Write(into, list, in entry);
        }

        bool isTold = format.IsNull
            || !(file.Canonical.ContainsAny((byte)'\t', (byte)'\n') || file.Actual.ContainsAny((byte)'\t', (byte)'\n'));
        if (!isTold) { return "has a tab or a newline in its name, which only null-separated formats can tell"; }
        byte between = format.IsNull ? (byte)0 : (byte)'\t', end = format.IsNull ? (byte)0 : (byte)'\n';
        if (format.IsFull)
        {
            into.Raw(file.Canonical);
            into.U8(between);
        }

        if (file.Precision != 0) { ListNumbers.Put(into, file.Time, isWhole: false, addsFraction: false); }
        into.U8(between);
        into.Raw(file.Actual);
        into.U8(between);
        if (file.Size >= 0) { ListNumbers.Put(into, (ulong)file.Size); }
        if (format.IsFull)
        {
            into.U8(between);
            if (file.Saved is { } saved) { ListNumbers.Put(into, saved, isWhole: false, addsFraction: false); }
        }

        into.U8(end);
        return null;
    }
}
