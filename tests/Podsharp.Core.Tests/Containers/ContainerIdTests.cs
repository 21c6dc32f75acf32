using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Core.Tests.Containers;

public sealed class ContainerIdTests
{
    [Test]
    public void A_new_id_reads_back_as_itself()
    {
        var id = ContainerId.New();
        Assert.That(ContainerId.Parse(id.ToString()), Is.EqualTo(id));
        Assert.That(id.ToString(), Does.StartWith(id.Short).And.Length.EqualTo(64));
        Assert.That(ContainerId.New(), Is.Not.EqualTo(id));
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("../3456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    public void Refuses_what_is_no_id(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => ContainerId.Parse(text))?.Kind, Is.EqualTo(ErrorKind.InvalidInput));

    [Test]
    public void The_empty_value_is_never_written() => Assert.Throws<InvalidOperationException>(() => default(ContainerId).ToString());
}
