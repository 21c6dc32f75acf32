using System.Collections.Concurrent;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AddressPoolTests
{
    private static readonly Network Net = new() { Id = "n1", Name = "net1", Driver = "bridge", Created = Samples.Time };
    private static readonly Subnet Small = new("10.9.0.0/29", "10.9.0.1", "");

    private readonly AddressPool _pool = new();

    [Test]
    public void Gives_every_address_but_network_gateway_and_broadcast()
    {
        var given = Enumerable.Range(0, 5).Select(_ => Take()).ToList();

        Assert.That(given, Is.EqualTo(new[] { "10.9.0.2/29", "10.9.0.3/29", "10.9.0.4/29", "10.9.0.5/29", "10.9.0.6/29" }));
    }

    [Test]
    public void Says_that_a_full_subnet_is_full()
    {
        for (var i = 0; i < 5; i++) Take();

        Assert.That(() => Take(), Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Exhausted));
    }

    [Test]
    public void An_address_given_back_is_the_last_to_be_given_again()
    {
        var owner = ContainerId.New();
        Take(owner);
        _pool.Release(owner);

        var next = Enumerable.Range(0, 5).Select(_ => Take()).ToList();

        Assert.That(next, Is.EqualTo(new[] { "10.9.0.3/29", "10.9.0.4/29", "10.9.0.5/29", "10.9.0.6/29", "10.9.0.2/29" }));
    }

    [Test]
    public void Never_gives_one_address_twice_to_callers_side_by_side()
    {
        var wide = new Subnet("10.9.0.0/16", "10.9.0.1", "");
        var given = new ConcurrentBag<string>();

        Parallel.For(0, 2000, _ => given.Add(_pool.Take(Net, wide, "", ContainerId.New())));

        Assert.That(given.Distinct().Count(), Is.EqualTo(2000));
    }

    [Test]
    public void Stays_inside_the_range()
    {
        var subnet = new Subnet("10.9.0.0/24", "10.9.0.1", "10.9.0.64/30");

        var given = Enumerable.Range(0, 4).Select(_ => _pool.Take(Net, subnet, "", ContainerId.New())).ToList();

        Assert.That(given, Is.EqualTo(new[] { "10.9.0.64/24", "10.9.0.65/24", "10.9.0.66/24", "10.9.0.67/24" }));
    }

    [Test]
    public void Gives_IPv6_addresses()
    {
        var given = _pool.Take(Net, new Subnet("fd00:1::/64", "fd00:1::1", ""), "", ContainerId.New());

        Assert.That(given, Is.EqualTo("fd00:1::2/64"));
    }

    [Test]
    public void A_wanted_address_is_given_once()
    {
        Assert.That(_pool.Take(Net, Small, "10.9.0.5", ContainerId.New()), Is.EqualTo("10.9.0.5/29"));
        Assert.That(
            () => _pool.Take(Net, Small, "10.9.0.5", ContainerId.New()),
            Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Forbidden));
    }

    [TestCase("10.9.0.0")]
    [TestCase("10.9.0.1")]
    [TestCase("10.9.0.6")]
    [TestCase("10.9.0.7")]
    public void A_wanted_address_is_neither_an_edge_nor_the_gateways_nor_reserved(string wanted) => Assert.That(
        () => _pool.Take(Net, Small with { Reserved = new Dictionary<string, string> { ["printer"] = "10.9.0.6" } }, wanted, ContainerId.New()),
        Throws.TypeOf<EngineException>().With.Message.EqualTo($"Address already in use: {wanted}"));

    [TestCase("10.8.0.5")]
    [TestCase("rubbish")]
    public void A_wanted_address_must_be_of_the_subnet(string wanted) => Assert.That(
        () => _pool.Take(Net, Small, wanted, ContainerId.New()),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.InvalidInput));

    [Test]
    public void An_adopted_address_is_not_given()
    {
        _pool.Adopt(ContainerId.New(), new Endpoint { NetworkName = "net1", NetworkId = "n1", EndpointId = "e", InterfaceName = "eth0", IPv4 = "10.9.0.2/29" });

        Assert.That(Take(), Is.EqualTo("10.9.0.3/29"));
    }

    [Test]
    public void A_network_with_addresses_in_use_cannot_be_closed_and_a_closed_one_gives_none()
    {
        var owner = ContainerId.New();
        Take(owner);
        Assert.That(_pool.TryClose("n1"), Is.False);
        _pool.Release(owner);

        Assert.That(_pool.TryClose("n1"), Is.True);
        Assert.That(() => Take(), Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotFound));
    }

    private string Take(ContainerId? owner = null) => _pool.Take(Net, Small, "", owner ?? ContainerId.New());
}
