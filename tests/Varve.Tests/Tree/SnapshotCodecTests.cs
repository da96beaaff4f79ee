using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class SnapshotCodecTests
{
    private static Snapshot Make(int n)
    {
        var random = new Random(n);
        long Next() => random.NextInt64() >> random.Next(63);
        return new Snapshot
        {
            SourceId = Some.Id(n).Value,
            Start = Entries.Time(random),
            End = Entries.Time(random),
            IsPartial = n % 2 == 0,
            HasFailures = n % 3 == 0,
            RootTree = Some.Id(n + 1),
            Counts = new SnapshotCounts
            {
                Files = Next(),
                Directories = Next(),
                Symlinks = Next(),
                Others = Next(),
                Bytes = Next(),
                Failed = Next(),
                New = Next(),
                Changed = Next(),
                MetadataOnly = Next(),
                Unchanged = Next(),
                Gone = Next(),
                BytesRead = Next(),
                BytesAdded = Next(),
                BytesStored = Next(),
                LeftOut = n % 3 == 0 ? null : new LeftOutCounts
                {
                    Excluded = Next(), NotEntered = n % 2, OtherFileSystems = Next(), OwnDirectories = 3, KindsNotStored = n % 5,
                    Others = n % 7,
                },
            },
            Parent = n % 4 == 0 ? default : Some.Name(n),
            Program = n % 5 == 0 ? "" : "varve 1.0 ü",
        };
    }

    private static SnapshotPrivate MakePrivate(int n) => new()
    {
        Source = "home",
        Host = n % 2 == 0 ? "" : "laptop",
        User = "björn",
        RootPath = [47, 255, 10],
        CanonicalRoot = n % 3 == 0 ? [] : "/home"u8.ToArray(),
        FailureList = n % 2 == 0 ? default : Some.Id(n),
        Tags = n % 4 == 0 ? [] : ["a", "", "a"],
        MarkList = n % 3 == 0 ? default : Some.Id(n + 1),
    };

    [Fact]
    public void The_public_part_comes_back_as_it_was()
    {
        for (int n = 0; n < 200; n++) { Assert.Equal(Make(n), SnapshotCodec.ParsePublic(SnapshotCodec.EncodePublic(Make(n)))); }
    }

    [Fact]
    public void The_private_part_comes_back_as_it_was()
    {
        for (int n = 0; n < 12; n++)
        {
            SnapshotPrivate expected = MakePrivate(n), actual = SnapshotCodec.ParsePrivate(SnapshotCodec.EncodePrivate(expected));
            Assert.Equal((expected.Source, expected.Host, expected.User, expected.FailureList, expected.MarkList),
                (actual.Source, actual.Host, actual.User, actual.FailureList, actual.MarkList));
            Assert.Equal(expected.RootPath, actual.RootPath);
            Assert.Equal(expected.CanonicalRoot, actual.CanonicalRoot);
            Assert.Equal(expected.Tags, actual.Tags);
        }
    }

    [Fact]
    public void The_public_part_has_the_bytes_the_format_says()
    {
        var snapshot = new Snapshot
        {
            SourceId = Some.Id(1).Value,
            Start = new FileTime(1, 2),
            End = new FileTime(2, 3),
            HasFailures = true,
            RootTree = Some.Id(2),
            Counts = new SnapshotCounts
            {
                Files = 1, Directories = 2, Symlinks = 3, Others = 4, Bytes = 5, Failed = 6, New = 7, Changed = 8,
                MetadataOnly = 9, Unchanged = 10, Gone = 11, BytesRead = 12, BytesAdded = 13, BytesStored = 14
            },
            Parent = Some.Name(3),
            Program = "v",
        };
        byte[] expected =
        [
            1, 32, .. Some.Id(1).Value.ToArray(), 2, 2, 2, 2, 3, 2, 4, 3, 4, 1, 2, 5, 32, .. Some.Id(2).Value.ToArray(),
            6, 14, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 7, 32, .. Some.Name(3).Value.ToArray(), 8, 1, (byte)'v',
        ];
        Assert.Equal(expected, SnapshotCodec.EncodePublic(snapshot));
    }

    [Fact]
    public void A_reader_from_before_there_were_marks_skips_them_and_reads_all_else()
    {
        Snapshot with = Make(1) with { Private = null };
        Snapshot without = with with { Counts = with.Counts with { LeftOut = null } };
        // What such a reader knows: tags 1 to 12 stand once, and 1 to 11; of others it knows nothing.
        const ulong known = (1 << 13) - 2, knownPrivate = (1 << 9) - 2 - (1 << 7);
        Assert.Equal(Known(SnapshotCodec.EncodePublic(without), known, 99), Known(SnapshotCodec.EncodePublic(with), known, 12));
        SnapshotPrivate names = MakePrivate(1);
        Assert.NotEqual(default, names.MarkList);
        Assert.Equal(Known(SnapshotCodec.EncodePrivate(names with { MarkList = default }), knownPrivate, 99),
            Known(SnapshotCodec.EncodePrivate(names), knownPrivate, 11));
    }

    [Fact]
    public void Marks_of_a_later_writer_are_skipped_or_counted_with_the_others()
    {
        byte[] plain = SnapshotCodec.EncodePublic(Make(3));
        Assert.Null(SnapshotCodec.ParsePublic(plain).Counts.LeftOut);
        Assert.Equal(new LeftOutCounts(), SnapshotCodec.ParsePublic([.. plain, 13, 0]).Counts.LeftOut);
        Assert.Equal(new LeftOutCounts { Excluded = 5, Others = 9 },
            SnapshotCodec.ParsePublic([.. plain, 13, 6, 1, 5, 70, 2, 77, 7, 14, 1, 0, 14, 0]).Counts.LeftOut);
        DamagedBytes.Is(() => SnapshotCodec.ParsePublic([.. plain, 13, 4, 2, 5, 1, 5]));
        DamagedBytes.Is(() => SnapshotCodec.ParsePublic([.. plain, 13, 1, 2]));
        DamagedBytes.Is(() => SnapshotCodec.ParsePublic([.. plain, 13, 0, 13, 0]));
        DamagedBytes.Is(() => SnapshotCodec.ParsePrivate([.. SnapshotCodec.EncodePrivate(MakePrivate(3)), 12, 1, 0]));
    }

    private static string[] Known(byte[] part, ulong single, ulong most)
    {
        var found = new List<string>();
        var fields = new FieldReader(part, Subject.None, single);
        while (fields.MoveNext())
        {
            if (fields.Tag <= most) { found.Add($"{fields.Tag} {Convert.ToHexString(fields.Value)}"); }
        }

        return [.. found];
    }

    [Fact]
    public void No_name_of_a_file_is_in_the_public_part()
    {
        byte[] bytes = SnapshotCodec.EncodePublic(Make(1) with { Private = MakePrivate(1) });
        Assert.True(bytes.AsSpan().IndexOf("/home"u8) < 0);
        Assert.True(bytes.AsSpan().IndexOf("laptop"u8) < 0);
    }

    [Fact]
    public void A_missing_field_is_damage()
    {
        byte[] good = SnapshotCodec.EncodePublic(Make(1));
        DamagedBytes.Is(() => SnapshotCodec.ParsePublic([]));
        DamagedBytes.Is(() => SnapshotCodec.ParsePublic(good[34..])); // without the source id
        DamagedBytes.Is(() => SnapshotCodec.ParsePrivate([]));
    }

    [Fact]
    public void Damaged_parts_never_crash()
    {
        DamagedBytes.Survives(SnapshotCodec.EncodePublic(Make(1)), b => SnapshotCodec.ParsePublic(b));
        DamagedBytes.Survives(SnapshotCodec.EncodePrivate(MakePrivate(1)), b => SnapshotCodec.ParsePrivate(b));
    }
}
