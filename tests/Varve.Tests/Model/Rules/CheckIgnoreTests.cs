using System.Diagnostics;
using System.Text;
using Varve.Tests.Kit;

namespace Varve.Tests.Model.Rules;

/// <summary>Rules beside those of git itself: the same file and line decides about every path of thousands of trees.</summary>
public sealed class CheckIgnoreTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(1, 1500)]
    [InlineData(100_000, 1500)]
    public void Each_path_is_decided_by_the_rule_that_git_says(int firstSeed, int count)
    {
        Programs.Run("git", "init", "-q", _d.Path);
        var trees = new List<IgnoreTree>();
        var asked = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            var tree = new IgnoreTree(firstSeed + i, Encoding.ASCII.GetBytes($"s{i}"));
            tree.Write(_d.Path);
            trees.Add(tree);
            foreach ((byte[] path, _) in tree.Entries) { asked.AddRange([.. tree.Directory, (byte)'/', .. path, 0]); }
        }

        byte[][] told = Split(CheckIgnore([.. asked]));
        int at = 0, decided = 0, kept = 0;
        var wrong = new List<string>();
        foreach (IgnoreTree tree in trees)
        {
            foreach ((byte[] path, bool isDirectory) in tree.Entries)
            {
                string file = Latin(told[at]), line = Latin(told[at + 1]), pattern = Latin(told[at + 2]);
                Assert.Equal([.. tree.Directory, (byte)'/', .. path], told[at + 3]);
                at += 4;
                string expected = file.Length == 0 ? "nothing" : $"{file}:{line} {(pattern.StartsWith('!') ? "kept" : "out")}";
                var found = tree.Decide(path, isDirectory);
                string actual = found is not { } f ? "nothing"
                    : $"{Latin(tree.Directory)}/{Latin(Varve.Model.Rules.RuleText.ToBytes(f.File))}:{f.Line} {(f.IsExcluded ? "out" : "kept")}";
                if (found is not null) { decided++; }
                if (found is { IsExcluded: false }) { kept++; }
                if (expected != actual) { wrong.Add($"{Latin(path)} in {Latin(tree.Directory)}: git {expected} '{pattern}', here {actual}"); }
            }
        }

        Assert.Equal(told.Length, at);
        Assert.True(decided > count && kept > count / 20, $"{decided} decided, {kept} kept: too few to judge by");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {at / 4}:\n{string.Join('\n', wrong.Take(20))}");
    }

    private byte[] CheckIgnore(byte[] asked)
    {
        var start = new ProcessStartInfo("git", ["-C", _d.Path, "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        // No rules of the machine.
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["HOME"] = _d.Path;
        using Process git = Process.Start(start)!;
        using var output = new MemoryStream();
        Task reading = git.StandardOutput.BaseStream.CopyToAsync(output);
        git.StandardInput.BaseStream.Write(asked);
        git.StandardInput.Close();
        reading.Wait();
        git.WaitForExit();
        Assert.InRange(git.ExitCode, 0, 1);
        return output.ToArray();
    }

    private static byte[][] Split(byte[] told)
    {
        var parts = new List<byte[]>();
        for (int from = 0; from < told.Length;)
        {
            int end = Array.IndexOf(told, (byte)0, from);
            parts.Add(told[from..end]);
            from = end + 1;
        }

        return [.. parts];
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
