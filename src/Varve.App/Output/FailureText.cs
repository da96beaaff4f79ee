namespace Varve.App.Output;

/// <summary>Failed paths in words.</summary>
internal static class FailureText
{
    /// <summary>How many are printed for people.</summary>
    internal const int Printed = 20;

    /// <summary>Prints the first failures, with a word before each reason, and how many more there are.</summary>
    internal static void Print(StatusLine status, IReadOnlyList<Failure> failures, long count, string before = "")
    {
        int printed = Math.Min(Printed, failures.Count);
        for (int i = 0; i < printed; i++) { status.Message(Line(status.Ink, failures[i], before)); }
        PrintMore(status, count - printed);
    }

    /// <summary>How many more there are than were printed, if any.</summary>
    internal static void PrintMore(StatusLine status, long count)
    {
        if (count > 0) { status.Message($"varve: and {Human.Count(count)} more"); }
    }

    /// <summary>One of them, with a word before the reason.</summary>
    internal static string Line(Ink ink, Failure failure, string before = "")
    {
        string path = failure.Path.Length == 0 ? "." : NameText.Escape(failure.Path);
        return $"varve: {ink.Bad(path)}: {before}{NameText.Printable(failure.Message)}";
    }

    /// <summary>The word JSON uses.</summary>
    internal static string Operation(FailedOperation operation) => operation switch
    {
        FailedOperation.List => "list",
        FailedOperation.Stat => "stat",
        FailedOperation.Open => "open",
        FailedOperation.Read => "read",
        FailedOperation.Metadata => "metadata",
        FailedOperation.Changed => "changed",
        FailedOperation.Write => "write",
        _ => "other",
    };
}
