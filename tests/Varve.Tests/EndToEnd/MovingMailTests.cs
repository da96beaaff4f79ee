using System.Diagnostics;
using System.Globalization;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>Maildirs whose mail moves among new, cur and tmp while the program backs them up, again and again.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class MovingMailTests : IDisposable
{
    private const int Boxes = 20, MailsInBox = 30, Backups = 12;

    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("0.5")]
    [InlineData("0")]
    public void All_mail_that_was_there_all_the_time_is_in_each_snapshot_or_it_is_told_that_some_may_be_missing(string pause)
    {
        string mail = Path.Combine(_d.Path, "mail");
        for (int i = 0; i < Boxes * MailsInBox; i++)
        {
            string folder = Path.Combine(mail, $"box{i % Boxes:00}", (i / Boxes % 3) switch { 0 => "new", 1 => "cur", _ => "tmp" });
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"mail{i}"), $"mail {i}");
        }

        var varve = new VarveProcess(_d.Path);
        varve.Succeed("init");
        int told = 0;
        using Process mover = Start(mail, pause);
        for (int i = 0; i < Backups; i++)
        {
            VarveResult backup = varve.Run("backup", mail);
            Assert.True(backup.ExitCode is 0 or 3, $"{backup.ExitCode}: {backup.Error}");
            if (backup.ExitCode == 3) { told++; }
            HashSet<string> there = [.. varve.Succeed("ls", "-R", "latest").Text.Split('\n').Select(static l => l.Split('/')[^1])
                .Where(static l => l.StartsWith("mail", StringComparison.Ordinal) && l.Length > 4)];
            if (backup.ExitCode == 0) { Assert.Equal(Boxes * MailsInBox, there.Count); }
        }

        mover.StandardInput.Close();
        int moves = int.Parse(mover.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        mover.WaitForExit();
        Assert.True(moves > 0, $"{moves} moves");
        // Between two moves there is time to see that nothing moved.
        if (pause != "0") { Assert.True(told < Backups, $"all of {Backups} backups say that mail may be missing"); }
    }

    private static Process Start(string mail, string pause)
    {
        string script = Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/EndToEnd/movers.py");
        Process mover = Process.Start(new ProcessStartInfo("python3", [script, mail, pause])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("moving", mover.StandardOutput.ReadLine());
        return mover;
    }
}
