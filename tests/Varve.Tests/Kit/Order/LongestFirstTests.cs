using Varve.Tests.Freeze;
using Varve.Tests.Maintain;
using Xunit.v3;

namespace Varve.Tests.Kit.Order;

public sealed class LongestFirstTests
{
    [Fact]
    public void The_longest_begins_first_then_what_takes_minutes_then_the_rest()
    {
        Assert.Equal(0, LongestFirst.Rank(typeof(LvmTests).FullName));
        Assert.Equal(LongestFirst.Longest.Count, LongestFirst.Rank(typeof(MutationTests).FullName));
        Assert.Equal(LongestFirst.Longest.Count + 1, LongestFirst.Rank(typeof(LongestFirstTests).FullName));
        Assert.Equal(LongestFirst.Longest.Count + 1, LongestFirst.Rank("counting allocations"));
    }

    /// <summary>Were collections called otherwise one day, no class would be known and the longest might begin last.</summary>
    [Fact]
    public void The_class_of_a_collection_is_known_by_its_name()
    {
        string name = TestContext.Current.TestCollection!.TestCollectionDisplayName;
        Assert.Equal(typeof(LongestFirstTests).FullName, LongestFirst.ClassOf(name));
        Assert.Null(LongestFirst.ClassOf("counting allocations"));
    }
}
