using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// The sessions in README and manual are what happens: their blocks marked <c>console</c> are run from top to bottom on a terminal, by a
/// user with a small home. Times, ids, sizes and how many chunks may differ. VARVE_WRITE_GOLDEN=1 writes what happened into the document.
/// </summary>
public sealed partial class DocumentedSessionTests : IDisposable
{
    private const string Home = "/home/ada", Host = "laptop";
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/manual-jobs.md")]
    public void What_is_documented_is_what_happens(string document)
    {
        Shells.Needs("script");
        string path = Path.Combine(VarveProcess.Clone, document), text = File.ReadAllText(path);
        Furnish();
        var differences = new StringBuilder();
        string written = Block().Replace(text, block => "```console\n" + Session(block.Groups[1].Value, differences) + "```\n");
        if (Environment.GetEnvironmentVariable("VARVE_WRITE_GOLDEN") == "1") { File.WriteAllText(path, written); }
        else { Assert.True(differences.Length == 0, differences.ToString()); }
    }

    [Theory]
    [InlineData("Snapshot 969b4eee of x, 3.1 MiB in 0.2 s (12.0 MiB/s)", "Snapshot 8ab8cad1 of x, 3.2 MiB in 1 min 02 s (9 KiB/s)", true)]
    [InlineData("969b4eee  2026-11-22 10:54:56  Documents", "11111111  2025-01-02 01:02:03   Documents", true)]
    [InlineData("2 new, 1 changed", "2 new, 2 changed", false)]
    public void Times_ids_and_sizes_may_differ_and_nothing_else(string one, string other, bool same) =>
        Assert.Equal(same, Normal(one) == Normal(other));

    /// <summary>Commands with what they print, as it is in the document where it is true.</summary>
    private string Session(string block, StringBuilder differences)
    {
        var session = new StringBuilder();
        foreach (Match match in Command().Matches(block))
        {
            string command = match.Groups[1].Value, expected = match.Groups[2].Value, actual = Run(command);
            bool isTrue = Normal(expected) == Normal(actual);
            if (!isTrue) { differences.Append($"$ {command}\n-- documented:\n{expected}-- happened:\n{actual}"); }
            session.Append($"$ {command}\n{(isTrue ? expected : actual)}");
            if (match.Groups[3].Length > 0) { session.Append('\n'); }
        }

        return session.ToString();
    }

    private string Run(string command)
    {
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", $"stty cols 100; cd; {command}", "/dev/null"])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{_d.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = $"{_d.Path}/ada";
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["TERM"] = "dumb";
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string shown = process.StandardOutput.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
        process.WaitForExit();
        return EndOfInput().Replace(shown, "").Replace($"{_d.Path}/ada", Home, StringComparison.Ordinal)
            .Replace(Environment.MachineName, Host, StringComparison.Ordinal);
    }

    /// <summary>The home that the documents speak of.</summary>
    private void Furnish()
    {
        Directory.CreateDirectory(At("bin"));
        File.CreateSymbolicLink(At("bin/varve"), VarveProcess.Program);
        foreach (string folder in (string[])["letters", "photos", "src"]) { Directory.CreateDirectory(At("ada/Documents/" + folder)); }
        File.WriteAllText(At("ada/Documents/letters/babbage.txt"), "Dear Charles,\nYours, Ada\n");
        File.WriteAllText(At("ada/Documents/letters/menabrea.txt"), "Dear Luigi,\nYours, Ada\n");
        File.WriteAllText(At("ada/Documents/src/notes.ml"), "let rec bernoulli n = n\n");
        File.WriteAllText(At("ada/Documents/src/notes.o"), new string('o', 5000));
        for (int i = 1; i <= 3; i++)
        {
            var photo = new byte[2_400_000];
            new Random(i).NextBytes(photo);
            File.WriteAllBytes(At($"ada/Documents/photos/engine-{i}.jpg"), photo);
        }
    }

    private string At(string path) => Path.Combine(_d.Path, path);

    private static string Normal(string text) =>
        Spaces().Replace(Sizes().Replace(Ids().Replace(Times().Replace(text, "TIME"), "ID"), "N"), " ").Trim();

    [GeneratedRegex(@"^```console\n(.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    // What it prints ends with the next command, the empty line before it, or the block.
    [GeneratedRegex(@"^\$ ([^\n]*)\n((?:(?!\$ |\n\$ )[^\n]*\n)*)(\n(?=\$ ))?", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?")]
    private static partial Regex Times();

    [GeneratedRegex(@"\b(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}\b")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\d[\d,.]* ?(B|KiB|MiB|GiB|s|min|h|chunks)(/s)?\b( \d+ s| \d+ min)?")]
    private static partial Regex Sizes();

    // The terminal says so of a standard input that is closed.
    [GeneratedRegex(@"\^D|\x04|\x08")]
    private static partial Regex EndOfInput();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
