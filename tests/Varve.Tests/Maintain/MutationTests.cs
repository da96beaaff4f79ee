using Varve.Maintain.Check;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Maintain;

/// <summary>Single bytes anywhere in a repository.</summary>
[Trait("Takes", "minutes")]
public sealed class MutationTests
{
    [Theory]
    [InlineData(1, 150)]
    [InlineData(2, 150)]
    public void Any_changed_byte_is_noticed_by_a_check_that_reads_data_and_never_restored(int seed, int rounds)
    {
        var random = new Random(seed);
        using SmallRepository copy = Damaged.Pristine.Copy();
        for (int round = 0; round < rounds; round++)
        {
            // By object, not by size: packs are most of the bytes.
            string key = Damaged.Objects[random.Next(Damaged.Objects.Count)].Key;
            byte[] original = File.ReadAllBytes(Damaged.File(copy, key)), changed = [.. original];
            changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
            Damaged.Write(copy, key, changed);
            if (random.Next(2) == 0) { Programs.Run("rm", "-rf", copy.Cache); }
            try
            {
                CheckResult check = copy.Check(true);
                Assert.True(check.DamageCount >= 1, key);
                Damaged.Explains(check, key, Damaged.Judge(copy));
            }
            catch (VarveException e)
            {
                // The slot that opens it, or the version in the header.
                Assert.True(e.Kind == ErrorKind.WrongKey && key.StartsWith("keys/", StringComparison.Ordinal)
                    || e.Kind == ErrorKind.Unsupported && key == "varve", e.ToString());
            }

            Damaged.Write(copy, key, original);
        }

        Assert.Empty(Damaged.Judge(copy));
        Assert.Empty(copy.Check(true).Damages);
    }
}
