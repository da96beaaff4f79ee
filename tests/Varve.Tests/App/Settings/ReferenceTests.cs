using System.Diagnostics;
using System.Text.RegularExpressions;
using Varve.App.Settings.Reference;
using Varve.App.Settings.Table;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App.Settings;

/// <summary>Man pages, completions and the page of everything: complete, and understood by those that read them.</summary>
public sealed class ReferenceTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Every_command_has_a_man_page_with_every_option()
    {
        Assert.Equal(0, _world.Run("reference", "man", _d.Path));
        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            string page = File.ReadAllText(Path.Combine(_d.Path, $"varve-{spec.Path.Replace(' ', '-')}.1"))
                .Replace(@"\-", "-", StringComparison.Ordinal);
            Assert.Contains("varve " + spec.Path, page, StringComparison.Ordinal);
            Assert.All(spec.AllSettings, s => Assert.Contains($"\n\\fB{s.Name}", page, StringComparison.Ordinal));
            Assert.All(spec.AllSettings.Where(static s => s.Alias is not null),
                s => Assert.Contains($"{s.Name}, {s.Alias}\\fR", page, StringComparison.Ordinal));
            Assert.All(spec.Arguments, a => Assert.Contains($"\n\\fB{a.Name}\\fR", page, StringComparison.Ordinal));
            Assert.Contains("EXIT STATUS", page, StringComparison.Ordinal);
        }

        string program = File.ReadAllText(Path.Combine(_d.Path, "varve.1")).Replace(@"\-", "-", StringComparison.Ordinal);
        Assert.All(CommandTable.Leaves, c => Assert.Contains($"varve-{c.Path.Replace(' ', '-')}(1)", program, StringComparison.Ordinal));
        Assert.All(GlobalSettings.All.Where(static s => s.Variable is not null),
            s => Assert.Contains(s.Variable!, program, StringComparison.Ordinal));
    }

    [Fact]
    public void Groff_finds_nothing_wrong_in_a_man_page()
    {
        Needs("man");
        Needs("groff");
        Assert.Equal(0, _world.Run("reference", "man", _d.Path));
        foreach (string page in Directory.GetFiles(_d.Path))
        {
            Assert.Equal((page, 0, ""), (page, Run(out _, out string error, "man", "-l", "--warnings=w", page), error));
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void A_completion_script_is_parsed_and_has_every_command_and_option(string shell)
    {
        string script = Script(shell), text = File.ReadAllText(script);
        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            Assert.Contains(spec.Name, text, StringComparison.Ordinal);
            string part = Part(shell, spec, text);
            Assert.All(spec.AllSettings, s => Assert.True(Has(shell, part, text, s, spec), $"{shell}: {spec.Path} lacks {s.Name}"));
        }

        Needs(shell);
        Assert.Equal((0, ""), (Run(out _, out string error, shell, "-n", script), error));
    }

    [Theory]
    [InlineData("varve ba", "backup")]
    [InlineData("varve s", "serve snapshots source stats status sql")]
    [InlineData("varve -r backup s", "serve snapshots source stats status sql")]
    [InlineData("varve key ", "list add passwd remove export import")]
    [InlineData("varve key add --lev", "--level")]
    [InlineData("varve key add --level ", "full write")]
    [InlineData("varve key add --level=w", "write")]
    [InlineData("varve key add '--lev", "--level")]
    [InlineData(@"varve backup DIR/fi\l", "DIR/file")]
    [InlineData(@"varve backup DIR/fi\le DIR/o", "DIR/one")]
    [InlineData("varve restore --target=DIR/o", "DIR/one")]
    [InlineData("varve backup --fs-snapshot ", "auto btrfs lvm zfs none")]
    [InlineData("varve backup --tag key --fs-snapshot l", "lvm")]
    [InlineData("varve backup --newest-f", "--newest-first")]
    [InlineData("varve --json backup --delta", "--delta-from --delta-limit")]
    [InlineData("varve backup --tag ", "")]
    [InlineData("varve reference ", "bash zsh fish markdown man")]
    [InlineData("varve reference man DIR/", "DIR/one")]
    [InlineData("varve check --read-data --work", "--workers")]
    [InlineData("varve restore --target DIR/o", "DIR/one")]
    [InlineData("varve backup DIR/", "DIR/file DIR/one")]
    [InlineData("varve --vers", "--version")]
    public void Bash_completes(string line, string words)
    {
        Directory.CreateDirectory(Path.Combine(_d.Path, "d", "one"));
        File.WriteAllText(Path.Combine(_d.Path, "d", "file"), "");
        string directory = Path.Combine(_d.Path, "d");
        string typed = line.Replace("DIR", directory, StringComparison.Ordinal);
        string code = $"source {Script("bash")}; COMP_LINE=$1 COMP_POINT=${{#1}}; _varve varve; printf '%s\\n' \"${{COMPREPLY[@]}}\"";
        Assert.Equal((0, ""), (Run(out string output, out string error, "bash", "-c", code, "bash", typed), error));
        Assert.Equal(Sorted(words.Split(' ')), Sorted(output.Replace(directory, "DIR", StringComparison.Ordinal).Split('\n')));
    }

    [Theory]
    [InlineData("varve ba", "backup")]
    [InlineData("varve key ", "add export import list passwd remove")]
    [InlineData("varve key add --level ", "full write")]
    [InlineData("varve backup --fs-snapshot ", "auto btrfs lvm none zfs")]
    [InlineData("varve backup --newest-f", "--newest-first")]
    [InlineData("varve reference ba", "bash")]
    public void Fish_completes(string line, string words)
    {
        Needs("fish");
        Assert.Equal(0, Run(out string output, out _, "fish", "--no-config", "-c", $"source {Script("fish")}; complete -C '{line}'"));
        Assert.Equal(Sorted(words.Split(' ')), Sorted(output.Split('\n').Select(static l => l.Split('\t')[0])));
    }

    [Fact]
    public void The_reference_in_the_documents_is_current()
    {
        Assert.Equal(0, _world.Run("reference", "markdown"));
        Assert.Equal(File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/reference.md")), _world.Output);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("reference", "csh")]
    [InlineData("reference", "man")]
    [InlineData("reference", "bash", "dir")]
    [InlineData("reference", "bash", "--json")]
    public void What_makes_no_sense_is_exit_2(params string[] args) => Assert.Equal(2, _world.Run(args));

    [Fact]
    public void It_needs_no_home_directory()
    {
        _world.Environment.Clear();
        Assert.Equal(0, _world.Run("reference", "fish"));
    }

    private string Script(string shell)
    {
        string path = Path.Combine(_d.Path, "completion." + shell);
        File.WriteAllText(path, shell switch
        {
            "bash" => BashCompletion.Script(),
            "zsh" => ZshCompletion.Script(),
            _ => FishCompletion.Script()
        });
        return path;
    }

    /// <summary>What a script says of one command.</summary>
    private static string Part(string shell, CommandSpec spec, string text) => shell switch
    {
        "bash" => Regex.Match(text, $"(?m)^ +'{spec.Path}'\\) options=.*$").Value,
        "zsh" => Regex.Match(text, $"(?ms)^_varve_{spec.Path.Replace(' ', '_')}\\(\\).*?^}}").Value,
        _ => string.Join('\n', text.Split('\n').Where(l => !l.Contains(" -n ", StringComparison.Ordinal)
            || l.Contains($"__fish_seen_subcommand_from {spec.Name}'", StringComparison.Ordinal))),
    };

    private static bool Has(string shell, string part, string text, Setting setting, CommandSpec spec) => shell switch
    {
        "bash" => Regex.IsMatch(part, $"[ ']{setting.Name}[ ']"),
        "zsh" => Regex.IsMatch(part, $"'[^']*{setting.Name}(=-?)?\\["),
        _ => Regex.IsMatch(part, $"-l {setting.Name[2..]}( |$)"),
    };

    private static string Sorted(IEnumerable<string> words) =>
        string.Join(' ', words.Where(static w => w.Length > 0).Order(StringComparer.Ordinal));

    private static void Needs(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, program))),
        program + " is not installed");

    private static int Run(out string output, out string error, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            RedirectStandardInput = true
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["MANROFFSEQ"] = "";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        output = process.StandardOutput.ReadToEnd();
        error = errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode;
    }
}
