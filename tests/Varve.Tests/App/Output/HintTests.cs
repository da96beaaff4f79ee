using System.Diagnostics;
using System.Text.RegularExpressions;
using Varve.App.Output;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Output;

/// <summary>
/// Every advice that has a command is brought about, and its command is read by a shell, as somebody pastes it, and run: with the
/// repository and the key that were typed, whatever their names.
/// </summary>
public sealed partial class HintTests : IDisposable
{
    private const int Done = 0, Failed = 1, Damaged = 1, Usage = 2, Missing = 10;

    private readonly ScratchDirectory _d = new();
    private readonly string _repository, _key;

    /// <summary>Advice that takes damage or chance to come about: the command is run in a repository that is well.</summary>
    private static readonly Advice[] s_rare =
        [Advice.EndPrune, Advice.AcknowledgeMissing, Advice.DropCache, Advice.LiftLimits, Advice.ListWriters, Advice.MoreDigits,
        Advice.RebuildCatalog, Advice.ForgetDamaged, Advice.ForgetByName, Advice.AskDaemon];

    /// <summary>What asks for a paper key: <c>PaperKeyTests</c> types it at a terminal.</summary>
    private static readonly Advice[] s_typed = [Advice.ImportPaperKey, Advice.RestoreKeySlots];

    public HintTests()
    {
        _repository = At("my 'own' re\u00a0po");
        _key = At("key $HOME");
        Directory.CreateDirectory(At("docs/letters"));
        File.WriteAllText(At("docs/letters/anna"), "dear Anna");
        File.CreateSymbolicLink(At("docs/link"), "letters");
        File.WriteAllText(At("docs/report"), new string('x', 100_000));
    }

    public void Dispose() => _d.Dispose();

    /// <summary>Advice that has a command, how the command that gives it ends, and how the command in it ends.</summary>
    public static TheoryData<Advice, int, int, string[]> Situations => new()
    {
        { Advice.CreateRepository, Missing, Done, ["snapshots"] },
        { Advice.ListSnapshots, Failed, Done, ["ls", "0123456789"] },
        { Advice.NameSnapshot, Failed, Done, ["ls", "xyz"] },
        { Advice.ListPaths, Failed, Done, ["ls", "latest:nothing"] },
        { Advice.ListPaths, Failed, Done, ["restore", "--target", "t", "--include", "nothing"] },
        { Advice.MakeSnapshot, Failed, Done, ["ls"] },
        { Advice.RestoreInstead, Usage, Done, ["dump", "latest:link"] },
        { Advice.NameOneFile, Usage, Done, ["dump", "latest"] },
        { Advice.ListKeys, Failed, Done, ["key", "remove", "nobody"] },
        { Advice.AddKeyFirst, Usage, Done, ["key", "remove", "the first"] },
        { Advice.SeeSchema, Usage, Done, ["sql", "select nonsense"] },
        { Advice.MakeCatalog, Failed, Done, ["sql", "select 1"] },
        { Advice.SeeHelp, Usage, Done, ["bakcup"] },
        { Advice.SeeExample, Usage, Done, ["config", "check"] },
        { Advice.ListSources, Failed, Done, ["ls", "--source", "nothing"] },
        { Advice.ChooseOtherKey, Usage, Done, ["key", "add", "--new-key-file", "k"] },
        { Advice.NameOtherKey, Usage, Done, ["key", "passwd", "--new-password-command", "echo x"] },
        { Advice.SeeHelp, Usage, Done, ["key", "ad"] },
        { Advice.SeeHelp, Usage, Done, ["key", "add", "--lable", "x"] },
        { Advice.CheckRepository, Failed, Damaged, ["ls"] },
        { Advice.RestoreHeader, Failed, Done, ["backup", "docs"] },
        { Advice.RestoreObject, Failed, Done, ["check"] },
        { Advice.NamePolicy, Usage, Done, ["forget"] },
        { Advice.Unpin, Usage, Done, ["forget", "latest", "--allow-empty"] },
        { Advice.MountOrCreate, Missing, Done, ["backup", "docs"] },
        { Advice.FirstBackupCreates, Missing, Done, ["ls"] },
        { Advice.ListWatched, Failed, Done, ["remove", "nothing"] },
        { Advice.StartDaemon, Failed, Done, ["run", "nothing"] },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public void The_command_of_a_hint_can_be_pasted_where_it_is_given(Advice advice, int ends, int hinted, string[] line)
    {
        bool isDefault = advice is Advice.MountOrCreate or Advice.FirstBackupCreates;
        Prepare(advice);
        string[] words = [.. line.Select(w => w is "docs" or "t" ? At(w) : w == "k" ? _key : w)];
        FakeWorld world = Run(isDefault ? words : [.. words, .. Named], ends);
        string command = Command(world.Error + world.Output);
        string expected = AdviceText.Of(advice, Subject.None, NextCommand.Plain)!;
        // Words before what depends on the subject.
        Assert.Contains(expected.Split(' ', ',', ':')[0], world.Error + world.Output, StringComparison.Ordinal);
        FakeWorld next = Run(Shell(command), hinted);
        Assert.DoesNotContain("what there is: varve help", next.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_rare_is_run_in_a_repository_that_is_well()
    {
        Prepare(Advice.ListSnapshots);
        foreach (Advice advice in s_rare)
        {
            var next = new NextCommand([.. Named]);
            Run(Shell(Command(": " + AdviceText.Of(advice, Subject.None, next)!.Split(": ")[^1])), Done);
        }
    }

    [Fact]
    public void Every_advice_with_a_command_is_among_them()
    {
        HashSet<Advice> run = [.. s_rare, .. s_typed, .. Situations.Select(static s => s.Data.Item1)];
        foreach (Advice advice in Enum.GetValues<Advice>())
        {
            IEnumerable<string> texts = AdviceTextTests.Subjects.Select(s => AdviceText.Of(advice, s, NextCommand.Plain)).OfType<string>();
            Assert.True(run.Contains(advice) == texts.Any(static t => t.Contains("varve ", StringComparison.Ordinal)), advice.ToString());
        }
    }

    private string[] Named => ["-r", _repository, "--key-file", _key, "--cache-dir", At("cache")];

    private string At(string name) => Path.Combine(_d.Path, name);

    /// <summary>What makes a command give the advice.</summary>
    private void Prepare(Advice advice)
    {
        switch (advice)
        {
            case Advice.CreateRepository or Advice.FirstBackupCreates: return;
            case Advice.MountOrCreate:
                Run(["backup", At("docs")], Done);
                Directory.Delete(At("home/.local"), recursive: true);
                return;
        }

        Run(["init", "--label", "the first", .. Named], Done);
        if (advice is Advice.MakeSnapshot or Advice.MakeCatalog) { return; }
        Run(["backup", At("docs"), .. Named], Done);
        switch (advice)
        {
            case Advice.CheckRepository:
                Directory.Delete(At("cache"), recursive: true);
                foreach (string pack in Directory.GetFiles(Path.Combine(_repository, "packs"), "*", SearchOption.AllDirectories))
                {
                    Spoil(pack);
                }

                break;
            case Advice.Unpin: Run(["pin", "latest", .. Named], Done); break;
            case Advice.RestoreHeader: File.Delete(Path.Combine(_repository, "varve")); break;
            case Advice.RestoreObject:
                string[] before = Slots();
                Run(["key", "add", "--label", "second", "--new-key-file", At("second"), .. Named], Done);
                Spoil(Assert.Single(Slots().Except(before)));
                break;
        }
    }

    private string[] Slots() => Directory.GetFiles(Path.Combine(_repository, "keys"), "*", SearchOption.AllDirectories);

    private static void Spoil(string file)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        byte[] bytes = File.ReadAllBytes(file);
        for (int i = 0; i < bytes.Length; i += 7) { bytes[i] ^= 0x55; }
        File.WriteAllBytes(file, bytes);
    }

    private FakeWorld Run(string[] line, int code)
    {
        var world = new FakeWorld { Secret = "secret", Environment = { ["HOME"] = At("home"), ["VARVE_STATE_DIR"] = At("state") } };
        int ended = world.Run(line);
        Assert.True(ended == code, $"{string.Join(' ', line)}: {ended}\n{world.Error}{world.Output}");
        return world;
    }

    private static string Command(string text) => Hint().Matches(text) is [.., var last] ? last.Groups[1].Value
        : throw new InvalidOperationException("no command in " + text);

    /// <summary>The words after the first that a shell makes of a command.</summary>
    private static string[] Shell(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"printf '%s\\0' {command}"]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output.Split('\0')[1..^1];
    }

    [GeneratedRegex(@"(?m): (varve .*)$")]
    private static partial Regex Hint();
}
