using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ContainerLookupTests
{
    private readonly FakeContainerStore _store = new();

    private Container Put(string id, string name) =>
        _store.Put(Samples.Container(name, Samples.Image("busybox")) with { Id = ContainerId.Parse(id.PadRight(64, '0')), Name = name });

    [Test]
    public void Finds_by_name_with_and_without_a_slash()
    {
        var web = Put("aa", "web");

        var lookup = new ContainerLookup(_store);

        Assert.That(lookup.Find("web"), Is.EqualTo(web));
        Assert.That(lookup.Find("/web"), Is.EqualTo(web));
    }

    [Test]
    public void Prefers_a_name_to_an_id_that_begins_like_it()
    {
        Put("abc", "first");
        var second = Put("def", "abc");

        Assert.That(new ContainerLookup(_store).Find("abc"), Is.EqualTo(second));
    }

    [Test]
    public void Refuses_a_prefix_of_several()
    {
        Put("abc1", "one");
        Put("abc2", "two");

        Assert.That(() => new ContainerLookup(_store).Find("abc"), Throws.TypeOf<EngineException>().With.Message.Contains("multiple IDs found"));
    }

    [Test]
    public void Says_which_container_there_is_not() =>
        Assert.That(
            () => new ContainerLookup(_store).Find("nope"),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("No such container: nope").And.Property("Cause").EqualTo("no such container"));
}
