namespace Varve.App.Output;

/// <summary>Failed paths in words.</summary>
internal static class FailureText
{
    /// <summary>How many are printed for people.</summary>
    internal const int Printed = 20;

    /// <summary>Prints the first failures, and how many more there are.</summary>
    internal static void Print(StatusLine status, IReadOnlyList<Failure> failures, long count)
    {
        int printed = Math.Min(Printed, failures.Count);
        for (int i = 0; i < printed; i++)
        {
            Failure failure = failures[i];
            string path = failure.Path.Length == 0 ? "." : NameText.Escape(failure.Path);
            status.Message($"varve: {path}: {NameText.Printable(failure.Message)}");
        }

        if (count > printed) { status.Message($"varve: and {Human.Count(count - printed)} more"); }
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
