using System.Text;
using System.Text.RegularExpressions;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Resolved;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Tests.App.Settings;

public sealed class ConfigReaderTests
{
    private const string Whole =
        """
        # everything there is
        fs-snapshot: auto
        sources:
          - name: home
            as: /home/
            roots:
              - /mnt/snap/home
              - path: "/mnt/my photos"
                as: /home/photos
            exclude: ['*.o', /cache]
            group: ['*.MYD,*.MYI', none]
            tag: [nightly]
            one-file-system: true
            ignore-inode: true
            ignore-ctime: false
            fs-snapshot: none
          - {name: etc, roots: [/etc]}
          - name: parts
            as: /srv
            roots: [{path: /a, as: /srv/a}, {path: /b, as: /srv/b}]
        """;

    [Fact]
    public void Everything_there_is_is_read()
    {
        ConfigFile config = ConfigParser.Parse("c", Whole);
        Assert.Equal((FreezeMethod.Auto, 3), (config.Rules.FileSystemSnapshot, config.Sources.Count));
        SourceConfig home = config.Sources[0];
        Assert.Equal(("home", "/home", (bool?)true, (bool?)true, (bool?)false, (FreezeMethod?)FreezeMethod.None),
            (home.Name, Text(home.CanonicalRoot), home.Rules.OneFileSystem, home.Rules.IgnoreInode, home.Rules.IgnoreCtime,
            home.Rules.FileSystemSnapshot));
        Assert.Equal(["/mnt/snap/home -> /home", "/mnt/my photos -> /home/photos"],
            home.Roots.Select(static r => $"{Text(r.Path)} -> {Text(r.As)}"));
        Assert.Equal(["*.o", "/cache"], home.Rules.Rules.Select(static r => r.Rule.Pattern));
        Assert.Equal(["*.MYD,*.MYI", "none"], home.Rules.Groups);
        Assert.Equal(["nightly"], home.Rules.Tags);
        SourceConfig etc = config.Sources[1];
        Assert.Equal(("/etc", "/etc", (bool?)null, (FreezeMethod?)null),
            (Text(etc.CanonicalRoot), Text(etc.Roots[0].As), etc.Rules.OneFileSystem, etc.Rules.FileSystemSnapshot));
        Assert.Equal(["/srv/a", "/srv/b"], config.Sources[2].Roots.Select(static r => Text(r.As)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("sources: []")]
    public void A_configuration_may_say_nothing(string text)
    {
        if (text == "---\n") { Assert.Throws<VarveException>(() => ConfigParser.Parse("c", text)); }
        else { Assert.Empty(ConfigParser.Parse("c", text).Sources); }
    }

    [Theory]
    [InlineData("sauces: []", "c:1: there is no key 'sauces'")]
    [InlineData("\n\nsources:\n  - name: a\n    roots: [/a]\n    exlude: []", "c:6: there is no key 'exlude' in a source")]
    [InlineData("sources:\n  - name: a\n    roots: [{path: /a, to: /b}]", "c:3: there is no key 'to' in a root")]
    [InlineData("sources:\n  - name: a\n    name: b\n    roots: [/a]", "c:3: the key 'name' is there twice")]
    [InlineData("sources:\n  - roots: [/a]", "c:2: a source has no 'name'")]
    [InlineData("sources:\n  - name: a", "c:2: a source has no 'roots'")]
    [InlineData("sources:\n  - name: a\n    roots: []", "c:2: a source has no 'roots'")]
    [InlineData("sources:\n  - name: a\n    roots: [~/a]", "c:3: a root begins with '~', and HOME is not set")]
    [InlineData("sources:\n  - name: a\n    roots: [~bob/a]", "c:3: a root begins with '~': only '~/' is known")]
    [InlineData("sources:\n  - name: a\n    roots: [/a/../b]", "c:3: a root must not have '..' in it")]
    [InlineData("sources:\n  - name: a\n    as: /x\n    roots:\n      - path: /a\n        as: /y", "c:6: /y does not lie in the source")]
    [InlineData("sources:\n  - name: a\n    roots: [/a]\n  - name: a\n    roots: [/b]", "c:4: there are two sources named 'a'")]
    [InlineData("sources:\n  - name: a\n    as: /x\n    roots: [/a]\n  - name: b\n    roots: [/x]", "c:5: two sources are recorded as /x")]
    [InlineData("sources:\n  - name: a\n    roots: [/a]\n    one-file-system: yes", "c:4: 'one-file-system' must be true or false")]
    [InlineData("sources:\n  - name: a\n    roots: [/a]\n    exclude: '*.o'", "c:4: 'exclude' must be a list")]
    [InlineData("sources:\n  - name: a\n    roots: [/a]\n    exclude:\n      - ok\n      - '[a'", "c:6: ")]
    [InlineData("sources:\n  - name: a\n    roots: [/a]\n    group:\n      - '*-wal'", "c:5: ")]
    [InlineData("fs-snapshot: ntfs", "c:1: 'fs-snapshot' must be one of auto, btrfs, lvm, zfs, none")]
    [InlineData("sources: {a: b}", "c:1: 'sources' must be a list")]
    [InlineData("- a", "c:1: the configuration must be a mapping")]
    [InlineData("sources: &x []", "c:1: anchors are not supported")]
    [InlineData("sources: *x", "c:1: ")]
    [InlineData("sources: !!seq []", "c:1: tags are not supported")]
    [InlineData("{}\n---\n{}", "c:2: there must be one document only")]
    [InlineData("[a]: b", "c:1: a key must be a text")]
    [InlineData("sources:\n\t- a", "c:1: ")]
    [InlineData("sources: [", "c:")]
    [InlineData("a: 'b", "c:")]
    [InlineData("a: \"\\q\"", "c:1: ")]
    public void What_makes_no_sense_is_an_error_that_names_the_line(string text, string message)
    {
        VarveException e = First(text);
        Assert.Equal(ErrorKind.Usage, e.Kind);
        Assert.StartsWith(message, Regex.Replace(e.Message, @"^(c:\d+):\d+", "$1"), StringComparison.Ordinal);
        Assert.True(e.Subject.Column > 0 || !Regex.IsMatch(e.Message, @"^c:\d"), e.Message);
    }

    /// <summary>What is wrong first: with all of it, or with a source.</summary>
    private static VarveException First(string text)
    {
        try { return ConfigParser.Parse("c", text).Wrong[0].Error; }
        catch (VarveException e) { return e; }
    }

    [Fact]
    public void Hostile_text_is_an_error_and_no_crash()
    {
        Assert.Throws<VarveException>(() => ConfigParser.Parse("c", new string('[', 100_000)));
        Assert.Throws<VarveException>(() => ConfigParser.Parse("c", new string(' ', (1 << 20) + 1)));
        var random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            char[] text = Whole.ToCharArray();
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                text[random.Next(text.Length)] = "[]{}:-'\"#&*!|>\n\t \0\uFFFFx"[random.Next(20)];
            }
            try { ConfigParser.Parse("c", new string(text)); }
            catch (VarveException e) { Assert.Equal(ErrorKind.Usage, e.Kind); }
        }
    }

    [Fact]
    public void The_file_is_the_options_the_variables_or_the_default_one()
    {
        string folder = Directory.CreateTempSubdirectory("varve-test-").FullName;
        try
        {
            string file = Path.Combine(folder, "varve", "config.yaml"), other = Path.Combine(folder, "other.yaml");
            var variables = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = folder };
            Assert.Null(Find(null));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "fs-snapshot: zfs");
            File.WriteAllText(other, "fs-snapshot: lvm");
            Assert.Equal(FreezeMethod.Zfs, Find(null)!.Rules.FileSystemSnapshot);
            variables["VARVE_CONFIG"] = other;
            Assert.Equal(FreezeMethod.Lvm, Find(null)!.Rules.FileSystemSnapshot);
            Assert.Equal(FreezeMethod.Zfs, Find(file)!.Rules.FileSystemSnapshot);
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Find(file + ".missing")).Kind);
            Assert.Throws<VarveException>(() => Find(""));
            File.WriteAllBytes(other, [0x23, 0xFF]);
            Assert.Throws<VarveException>(() => Find(null));

            ConfigFile? Find(string? option) =>
                GlobalOptions.ReadConfiguration(Typed.Line(option is null ? ["backup"] : ["backup", "--config", option]),
                n => variables.GetValueOrDefault(n));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
