using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ListNetworksTests
{
    private readonly NetworkRoom _room = new();

    [TestCase("name", "alph", "alpha")]
    [TestCase("name", "^alpha$", "alpha")]
    [TestCase("name", "(", "")]
    [TestCase("driver", "macvlan", "beta")]
    [TestCase("driver", "mac", "")]
    [TestCase("type", "custom", "alpha beta")]
    [TestCase("type", "builtin", "bridge host none")]
    [TestCase("scope", "swarm", "")]
    [TestCase("label", "a=b", "beta")]
    [TestCase("dangling", "true", "alpha beta")]
    [TestCase("dangling", "0", "bridge host none")]
    public async Task Narrows_by(string key, string value, string expected)
    {
        await MakeAsync();

        var found = await ListAsync(key, value);

        Assert.That(string.Join(' ', found.Select(network => network.Name).Order()), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_id_is_found_by_any_part_of_it()
    {
        await MakeAsync();
        var id = _room.Store.Find("alpha")!.Id;

        Assert.That((await ListAsync("id", id[3..30])).Single().Name, Is.EqualTo("alpha"));
    }

    [TestCase("until", "1h", "invalid filter 'until'")]
    [TestCase("label!", "a", "invalid filter 'label!'")]
    [TestCase("type", "odd", "invalid filter: 'type'='odd'")]
    public async Task What_it_does_not_know_is_refused_by_name(string key, string value, string refusal)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => ListAsync(key, value));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.InvalidInput, refusal)));
    }

    private async Task MakeAsync()
    {
        await _room.CreateAsync("alpha");
        await _room.Create.RunAsync(
            NetworkRoom.Request("beta") with { Driver = "macvlan", InterfaceName = "eth0", Labels = new Dictionary<string, string> { ["a"] = "b" } }, CancellationToken.None);
    }

    private Task<IReadOnlyList<Network>> ListAsync(string key, string value) =>
        _room.List.RunAsync(new Filters(new Dictionary<string, IReadOnlyList<string>> { [key] = [value] }), CancellationToken.None);
}
