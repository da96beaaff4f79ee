using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.Model;

/// <summary>An error is facts, and its message is composed from them once.</summary>
public sealed class VarveExceptionTests
{
    [Fact]
    public void The_message_is_the_subject_and_what_happened()
    {
        Assert.Equal("the target /x is not empty", new VarveException(ErrorKind.Usage, Subject.Target("/x"u8), "is not empty").Message);
        Assert.Equal("index/ab is damaged: it is cut short", VarveException.Damaged(Subject.Object("index/ab"), "it is cut short").Message);
        Assert.Equal("/c.yaml:3: there is no key 'x'",
            new VarveException(ErrorKind.Usage, Subject.Configuration("/c.yaml", 3), "there is no key 'x'").Message);
        Assert.Equal("the password is empty", new VarveException(ErrorKind.Usage, Subject.None, "the password is empty").Message);
        Assert.Equal("packs/ab in /r cannot be read",
            new VarveException(ErrorKind.Storage, Subject.Object("packs/ab", "/r"), "cannot be read").Message);
    }

    [Fact]
    public void Who_knows_the_object_names_it_once_and_a_part_becomes_a_part_of_it()
    {
        VarveException block = VarveException.Damaged(Subject.PartOnly("block 7"), "its tag does not match");
        VarveException named = block.At(Subject.Object("packs/ab"));
        Assert.Equal("block 7 is damaged: its tag does not match", block.Message);
        Assert.Equal("block 7 of packs/ab is damaged: its tag does not match", named.Message);
        Assert.Same(named, named.At(Subject.Object("packs/other")));
        Assert.Equal(Advice.CheckRepository, named.Advice);
    }

    [Fact]
    public void A_list_that_names_the_object_gets_the_reason_without_it()
    {
        Subject pack = Subject.Object("packs/ab");
        Assert.Equal("it is cut short", VarveException.Damaged(pack, "it is cut short").Reason(pack));
        Assert.Equal("block 7 is damaged: its tag does not match",
            VarveException.Damaged(pack.Within("block 7"), "its tag does not match").Reason(pack));
        Assert.Equal("packs/ab is damaged: it is cut short",
            VarveException.Damaged(pack, "it is cut short").Reason(Subject.Object("packs/cd")));
    }

    [Fact]
    public void A_place_in_a_configuration_comes_before_what_is_wrong_there_and_is_given_once()
    {
        Subject line = Subject.Configuration("/c.yaml", 3, 7);
        VarveException wrong = new VarveException(ErrorKind.Usage, Subject.Request("the pattern '['"), "is not valid").AtPlace(line);
        Assert.Equal("/c.yaml:3:7: the pattern '[' is not valid", wrong.Message);
        Assert.Same(wrong, wrong.AtPlace(Subject.Configuration("/c.yaml", 1)));
    }

    [Fact]
    public void What_is_busy_may_succeed_later_and_else_the_thrower_says()
    {
        Assert.True(new VarveException(ErrorKind.Busy, Subject.None, "is held").IsRetryable);
        Assert.False(new VarveException(ErrorKind.Storage, Subject.None, "is full").IsRetryable);
        VarveException gone = new(ErrorKind.Storage, Subject.None, "did not answer") { IsRetryable = true };
        Assert.True(gone.At(Subject.Object("x")).IsRetryable);
    }
}
