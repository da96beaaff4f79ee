using System.Text;
using Varve.Model.Bytes;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Tree.Lists;

/// <summary>The list of what was left out of a snapshot on purpose (docs/format.md, 8.5). Stateless, thread-safe.</summary>
internal static class MarkList
{
    /// <summary>So many marks at most are listed; the snapshot's counts tell the rest.</summary>
    internal const int MaxMarks = ListChunk.MaxItems;

    // Of a rule that the first language of patterns has not, or has for something else.
    private const byte OptionInSecond = 3, ConfigurationInSecond = 4;

    /// <summary>So many rules at most are listed.</summary>
    internal const int MaxRules = ListChunk.MaxItems;

    private const int MaxRuleBytes = 1 << 20;

    private static readonly Subject s_what = Subject.PartOnly("the list of what was left out");

    /// <summary>
    /// Writes the chunk: the first rules, and the first marks, as many as are allowed and fit. Returns how many marks that is. They ascend
    /// by path, none twice; the rules that they name are among <paramref name="rules"/>.
    /// </summary>
    internal static int Encode(ByteWriter writer, IReadOnlyList<ExcludeRule> rules, IReadOnlyList<Mark> marks, long? ruleCount = null)
    {
        var head = new ByteWriter();
        int listed = 0, bytes = 0;
        while (listed < Math.Min(rules.Count, MaxRules))
        {
            bytes += Encoding.UTF8.GetByteCount(rules[listed].Pattern) + 8;
            if (bytes > MaxRuleBytes) { break; }
            listed++;
        }

        head.VarInt((ulong)(ruleCount ?? rules.Count));
        head.VarInt((uint)listed);
        foreach (ExcludeRule rule in rules.Take(listed))
        {
            head.U8(OriginOf(rule));
            head.Text(rule.Pattern);
        }

        return ListChunk.Encode(writer, MetaKind.MarkList, marks, static mark => mark.Path.Length + 16, (body, mark) =>
        {
            body.Bytes(mark.Path);
            body.U8((byte)mark.Reason);
            body.VarInt((uint)(mark.Rule <= listed ? mark.Rule : 0));
        }, head.Written);
    }

    /// <summary>Decodes the chunk; throws <see cref="ErrorKind.Damaged"/> if it is none.</summary>
    internal static LeftOutMarks Decode(ReadOnlySpan<byte> chunk)
    {
        ByteReader reader = MetaChunk.Open(chunk, MetaKind.MarkList, s_what);
        long ruleCount = reader.VarInt63();
        var rules = new ExcludeRule[Most(ref reader, MaxRules, 2)];
        if (rules.Length > ruleCount) { throw reader.Damaged("it lists more rules than there were"); }
        for (int i = 0; i < rules.Length; i++)
        {
            byte origin = reader.U8();
            rules[i] = new ExcludeRule(Encoding.UTF8.GetString(reader.Bytes()), OriginOf(origin))
            {
                IsOfSecondLanguage = origin is OptionInSecond or ConfigurationInSecond,
            };
        }

        var marks = new Mark[Most(ref reader, MaxMarks, 3)];
        ReadOnlySpan<byte> last = [];
        for (int i = 0; i < marks.Length; i++)
        {
            ReadOnlySpan<byte> path = reader.Bytes();
            // The root itself cannot be left out: its path, the empty one, comes after none.
            if (path.SequenceCompareTo(last) <= 0) { throw reader.Damaged("its paths do not ascend"); }
            last = path;
            var reason = (LeftOutReason)reader.U8();
            if (reason == 0) { throw reader.Damaged("a mark has no reason"); }
            uint rule = reader.VarInt32();
            if (rule > rules.Length) { throw reader.Damaged("a mark names a rule that is not there"); }
            marks[i] = new Mark(path.ToArray(), reason <= LeftOutReason.Property ? reason : LeftOutReason.Other, (int)rule);
        }

        reader.End();
        return new LeftOutMarks(ruleCount, rules, marks);
    }

    private static byte OriginOf(ExcludeRule rule) => rule.Origin switch
    {
        RuleOrigin.Option when !RuleText.IsReadAlike(rule.Pattern) => OptionInSecond,
        RuleOrigin.Configuration when !RuleText.IsReadAlike(rule.Pattern) => ConfigurationInSecond,
        _ => (byte)rule.Origin,
    };

    private static RuleOrigin OriginOf(byte origin) => origin switch
    {
        OptionInSecond => RuleOrigin.Option,
        ConfigurationInSecond => RuleOrigin.Configuration,
        <= (byte)RuleOrigin.Property => (RuleOrigin)origin,
        _ => RuleOrigin.Unknown,
    };

    private static int Most(ref ByteReader reader, int most, int minimum)
    {
        int count = reader.Count(minimum);
        return count <= most ? count : throw reader.Damaged($"it lists {count} items, and {most} are allowed");
    }
}
