using Varve.App.Settings.Values;
using System.Text;
using Varve.App.Settings.Table;
using Varve.Tests.App;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;

namespace Varve.Tests.History;

/// <summary>Listing a snapshot of which some directories cannot be read: the others are listed.</summary>
public sealed class DamagedListTests
{
    [Fact]
    public void Whatever_pack_is_lost_all_is_listed_but_what_lies_below_a_directory_that_is_named()
    {
        string[] whole;
        using (SmallRepository repository = Damaged.Pristine.Copy()) { whole = List(repository, out _); }
        int inPart = 0;
        foreach (string pack in Damaged.Objects.Select(static o => o.Key).Where(static k => k.StartsWith("packs/", StringComparison.Ordinal)))
        {
            using SmallRepository copy = Damaged.Pristine.Copy();
            File.Delete(Damaged.File(copy, pack));
            string[] listed = List(copy, out string[] failed);
            Assert.Empty(listed.Except(whole));
            Assert.All(whole.Except(listed),
                lost => Assert.Contains(failed, f => f.Length == 0 || lost.StartsWith(f + "/", StringComparison.Ordinal)));
            if (failed.Length == 0 || listed.Length == 0) { continue; }
            inPart++;
            var world = new FakeWorld();
            world.Environment["HOME"] = copy["home"];
            int code = world.Run("ls", "-R", "-r", copy.Store, "--key-file", copy["key"], "--cache-dir", copy.Cache);
            Assert.Equal(ExitCodes.Incomplete, code);
            Assert.Contains($"varve: {failed[0]}: it cannot be listed", world.Error, StringComparison.Ordinal);
        }

        Assert.NotEqual(0, inPart);
    }

    private static string[] List(SmallRepository repository, out string[] failed)
    {
        var listed = new List<string>();
        var lost = new List<string>();
        using (Repository opened = repository.Open())
        {
            try
            {
                opened.ListEntries(opened.FindSnapshot("latest"), null, recursive: true, e => listed.Add(Encoding.Latin1.GetString(e.Path)),
                    f => lost.Add(Encoding.Latin1.GetString(f.Path)));
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { lost.Add(""); }
        }

        failed = [.. lost];
        return [.. listed];
    }
}
