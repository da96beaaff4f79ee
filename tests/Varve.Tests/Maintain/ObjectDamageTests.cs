using System.Text;
using Varve.Backup;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Maintain;

/// <summary>
/// Invariant 5: one damaged object never prevents opening the repository or restoring what does not need it; damage is named and counted.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class ObjectDamageTests
{
    /// <summary>Each sort of object and each way to damage it.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string sort in Damaged.Objects.Select(static o => o.Sort).Distinct())
            {
                foreach (string how in (string[])["missing", "empty", "cut to one byte", "cut in half", "cut by one byte", "flipped",
                    "garbage", "another's", "extended", "unreadable", "a directory", "a link"])
                {
                    data.Add(sort, how);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Damage_is_named_and_all_else_is_restored_exactly(string sort, string how)
    {
        string[] keys = [.. Damaged.Objects.Where(o => o.Sort == sort).Select(static o => o.Key)];
        var random = new Random(42);
        // Several positions for flips; several objects, the first and the last among them, for the rest.
        string[] chosen = how == "flipped" ? [.. Enumerable.Range(0, 12).Select(_ => keys[random.Next(keys.Length)])]
            : keys.Length < 3 ? keys : [keys[0], keys[keys.Length / 2], keys[^1]];
        foreach (string key in chosen)
        {
            using SmallRepository copy = Damaged.Pristine.Copy();
            byte[] bytes = File.ReadAllBytes(Damaged.File(copy, key));
            if (how == "unreadable")
            {
                byte[] path = Encoding.ASCII.GetBytes(key);
                using var sector = new SystemCallWatch((call, _, name) =>
                    call == SystemCall.Open && name.SequenceEqual(path) ? Errno.EIO : 0);
                Verify(copy, sort, key, how);
                continue;
            }

            byte[]? other = keys.Length > 1 ? File.ReadAllBytes(Damaged.File(copy, keys[(Array.IndexOf(keys, key) + 1) % keys.Length]))
                : [.. bytes[1..], bytes[0]];
            Damaged.Write(copy, key, how switch
            {
                "missing" => null,
                "empty" => [],
                "cut to one byte" => bytes[..1],
                "cut in half" => bytes[..(bytes.Length / 2)],
                "cut by one byte" => bytes[..^1],
                "flipped" => Flip(bytes, random),
                "garbage" => MixedTree.Bytes(random.Next(), bytes.Length),
                "another's" => other,
                "a directory" or "a link" => null,
                _ => [.. bytes, .. MixedTree.Bytes(1, 100_000)],
            });
            if (how == "a directory") { Directory.CreateDirectory(Damaged.File(copy, key)); }
            if (how == "a link") { File.CreateSymbolicLink(Damaged.File(copy, key), Damaged.File(Damaged.Pristine, key)); }
            Verify(copy, sort, key, how);
        }
    }

    [Fact]
    public void Without_damage_a_check_is_clean_and_all_is_restored()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        foreach (bool readData in (bool[])[false, true])
        {
            CheckResult check = copy.Check(readData);
            Assert.Empty(check.Damages);
            Assert.Equal(3, check.Snapshots);
            Assert.Equal(Damaged.Objects.Count, check.Objects);
        }

        Assert.Empty(Damaged.Judge(copy));
        Assert.Empty(copy.Warnings);
        foreach (string sort in (string[])["data pack", "meta pack", "index", "snapshots", "keys"])
        {
            Assert.True(Damaged.Objects.Count(o => o.Sort == sort) > 2, sort);
        }
        using Repository opened = copy.Open();
        Assert.True(opened.Indexes.Packs().Max(p => p.Size) < 64 << 10);
    }

    [Fact]
    public void Foreign_objects_and_sessions_cost_nothing_and_are_named()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        Directory.CreateDirectory(Path.Combine(copy.Store, "sessions"));
        Damaged.Write(copy, "sessions/" + new string('0', 32), "garbage"u8.ToArray());
        Damaged.Write(copy, "sessions/notes", []);
        Damaged.Write(copy, "README", "not an object"u8.ToArray());
        Damaged.Write(copy, "index/README", "not an index run"u8.ToArray());
        Damaged.Write(copy, "snapshots/README", "not a snapshot"u8.ToArray());
        Damaged.Write(copy, "keys/README", "not a slot"u8.ToArray());
        Damaged.Write(copy, "condemned/README", "not a list"u8.ToArray());
        Directory.CreateDirectory(Path.Combine(copy.Store, "packs", "zz"));
        Damaged.Write(copy, "packs/zz/README", "not a pack"u8.ToArray());
        Damaged.Write(copy, "packs/zz/notes", "nor that"u8.ToArray());
        Assert.Empty(Damaged.Judge(copy));
        CheckResult check = copy.Check(true);
        // Nobody has to put anything back for what was never part of it, nor to store content anew.
        Damage[] strays = [.. check.Damages.Where(static d => d.Object.StartsWith("sessions/", StringComparison.Ordinal)
            || d.Object.StartsWith("packs/", StringComparison.Ordinal))];
        Assert.Equal(3, strays.Length);
        Assert.All(strays, static d => Assert.True(d is { Advice: Advice.RemoveStray, IsContent: false }, d.Object));
        Assert.DoesNotContain(check.Damages, static d => d.Affects.Length > 0
            || !(d.Object.Contains("README", StringComparison.Ordinal) || d.Object.StartsWith("sessions/", StringComparison.Ordinal)
                || d.Object == "packs/zz/notes"));
    }

    [Fact]
    public void A_write_only_key_and_each_full_key_open_while_another_slot_is_damaged()
    {
        foreach (string key in Damaged.Objects.Where(static o => o.Sort == "keys").Select(static o => o.Key))
        {
            using SmallRepository copy = Damaged.Pristine.Copy();
            Damaged.Write(copy, key, MixedTree.Bytes(1, 500));
            int opened = 0;
            foreach (Credentials credentials in (Credentials[])[copy.Credentials, copy.Other, copy.WriteOnly])
            {
                try
                {
                    copy.Open(credentials).Dispose();
                    opened++;
                }
                catch (VarveException e) { Assert.Equal(ErrorKind.WrongKey, e.Kind); }
            }

            Assert.Equal(2, opened);
            Assert.Contains(copy.Warnings, w => w.ToString().Contains(key["keys/".Length..], StringComparison.Ordinal));
        }
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static void Verify(SmallRepository copy, string sort, string key, string how)
    {
        Credentials? credentials = sort == "keys" ? SlotThatOpens(copy) : null;
        if (sort == "keys" && credentials is null) { return; }
        string? named = how == "missing" && sort is "keys" or "snapshots" or "condemned" or "index" && how == "missing" ? null : key;
        try
        {
            IReadOnlyCollection<string> failed = Damaged.Judge(copy, credentials);
            CheckResult quick = Check(copy, false, credentials), whole = Check(copy, true, credentials);
            Damaged.Explains(whole, named, failed);
            if (named is not null) { Assert.True(whole.DamageCount > 0); }
            // Without reading data, damage within a pack's blocks stays unseen; everything else is seen.
            bool visible = sort is not ("data pack" or "meta pack") || how is not ("flipped" or "garbage" or "another's");
            if (visible) { Damaged.Explains(quick, named, failed); }
            if (sort is "index" or "condemned" or "keys" or "varve") { Assert.Empty(failed); }
            if (sort == "index") { Assert.True(quick.DamageCount > 0 && whole.DamageCount > 0, how); }
            if (sort == "snapshots") { Assert.Equal(how == "missing" ? 0 : 1, failed.Count); }
            if (sort is "data pack" or "meta pack" && how is "missing" or "empty" or "cut to one byte" or "unreadable" or "a directory"
                or "a link")
            {
                Assert.NotEmpty(failed);
            }

            if (sort == "varve") { RefusesToWrite(copy); }
        }
        catch (VarveException e) when (sort == "varve" && how == "flipped")
        {
            // A flip can make another digit of the version.
            Assert.Equal(ErrorKind.Unsupported, e.Kind);
        }
    }

    private static CheckResult Check(SmallRepository copy, bool readData, Credentials? credentials)
    {
        Programs.Run("rm", "-rf", copy.Cache);
        using Repository repository = copy.Open(credentials);
        return Engine.Check(repository, readData);
    }

    private static Credentials? SlotThatOpens(SmallRepository copy)
    {
        int opened = 0;
        Credentials? full = null;
        foreach (Credentials credentials in (Credentials[])[copy.Credentials, copy.Other, copy.WriteOnly])
        {
            try
            {
                using Repository repository = copy.Open(credentials);
                opened++;
                if (repository.Level == KeyLevel.Full) { full = credentials; }
            }
            catch (VarveException e) { Assert.Equal(ErrorKind.WrongKey, e.Kind); }
        }

        Assert.Equal(2, opened);
        return full;
    }

    private static void RefusesToWrite(SmallRepository copy)
    {
        using Repository repository = copy.Open();
        Assert.Contains(copy.Warnings, static w => w.ToString().Contains("its copy in the key slot is used", StringComparison.Ordinal));
        var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(Damaged.Pristine.Source) };
        VarveException refused = Assert.Throws<VarveException>(
            () => BackupRunner.Run(repository, options, new BackupMonitor(), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.Damaged, refused.Kind);
        Assert.Equal(ErrorKind.Damaged,
            Assert.Throws<VarveException>(() => repository.AddKey(KeyLevel.Full, new Credentials { Password = "p" }, "new")).Kind);
        Assert.Equal(3, repository.Store.List("snapshots/").Count(static (StoreObject _) => true));
    }
}
