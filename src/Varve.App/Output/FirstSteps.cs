namespace Varve.App.Output;

/// <summary>What somebody should know who just made his first backup: three lines, the last with commands that can be copied.</summary>
internal static class FirstSteps
{
    /// <summary>Prints them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="repository">Where the backup lies.</param>
    /// <param name="keyFile">The key file that was made; null if a password opens the repository.</param>
    /// <param name="home">Where a restored tree may go; null if nobody has one.</param>
    internal static void Print(TextOutput output, string repository, string? keyFile, string? home)
    {
        string target = Path.Combine(home ?? "/tmp", "restored");
        output.WriteLine();
        output.WriteLine($"The backup lies in {NameText.Printable(repository)}.");
        output.WriteLine(keyFile is null ? "Keep the password safe: without it nobody can read the backup."
            : $"Keep a copy of {NameText.Printable(keyFile)} in a safe place: without it nobody can read the backup.");
        output.WriteLine("To get files back: " + CommandText.Of(["restore", "latest", "--target", target]));
    }
}
