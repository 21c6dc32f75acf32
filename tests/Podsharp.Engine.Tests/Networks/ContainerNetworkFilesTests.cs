using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Host;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Networks;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerNetworkFilesTests
{
    private readonly NetworkRoom _room = new();
    private readonly FakeHost _host = new();

    [Test]
    public async Task Hosts_names_extra_hosts_then_the_container_then_the_host()
    {
        var container = _room.Container("c1", new NetworkSpec { ExtraHosts = ["foo:1.2.3.4", "gw:host-gateway", "six=[fd00::7]"] });

        Assert.That(await HostsAsync(container), Does.EndWith(
            $"ip6-allrouters\n1.2.3.4\tfoo\n10.87.0.1\tgw\nfd00::7\tsix\n10.87.0.2\t{container.Id.Short}\n10.87.0.1\thost.containers.internal host.docker.internal\n"));
    }

    [Test]
    public async Task Hosts_gives_the_full_name_first()
    {
        var container = _room.Container("c1");
        container = container with { Spec = container.Spec with { Hostname = "web", DomainName = "example.org" } };

        Assert.That(await HostsAsync(container), Does.Contain("\n10.87.0.2\tweb.example.org web\n"));
    }

    [Test]
    public async Task What_the_user_says_of_the_hosts_names_goes_first()
    {
        var text = await HostsAsync(_room.Container("c1", new NetworkSpec { ExtraHosts = ["host.docker.internal:9.9.9.9"] }));

        Assert.That(text, Does.Contain("9.9.9.9\thost.docker.internal\n").And.EndWith("10.87.0.1\thost.containers.internal\n"));
    }

    [Test]
    public async Task In_the_hosts_network_the_hosts_file_is_taken_over()
    {
        var text = await HostsAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Host), ExtraHosts = ["foo:1.2.3.4"] }));

        Assert.That(text, Does.StartWith("127.0.0.1\tlocalhost\n127.0.1.1\tmachine\n1.2.3.4\tfoo\n"));
    }

    [TestCase("foo")]
    [TestCase("foo:rubbish")]
    [TestCase(":1.2.3.4")]
    public async Task A_bad_extra_host_is_refused(string entry)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => HostsAsync(_room.Container("c1", new NetworkSpec { ExtraHosts = [entry] })));

        Assert.That(exception!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public async Task Resolv_conf_is_the_hosts_where_nothing_was_asked_for()
    {
        _host.ResolvConfText = "# made by hand\nsearch old\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch example.org example.net\noptions rotate\n";

        Assert.That(await ResolvConfAsync(_room.Container("c1")), Is.EqualTo(
            "nameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch example.org example.net\noptions rotate\n"));
    }

    [Test]
    public async Task Resolv_conf_holds_what_was_asked_for()
    {
        var spec = new NetworkSpec { Dns = ["9.9.9.9"], DnsSearch = ["ex.com"], DnsOptions = ["ndots:3"] };

        Assert.That(await ResolvConfAsync(_room.Container("c1", spec)), Is.EqualTo("nameserver 9.9.9.9\nsearch ex.com\noptions ndots:3\n"));
    }

    [Test]
    public async Task A_lone_dot_means_no_search_domain()
    {
        _host.ResolvConfText = "nameserver 192.0.2.1\nsearch example.org\n";

        Assert.That(await ResolvConfAsync(_room.Container("c1", new NetworkSpec { DnsSearch = ["."] })), Is.EqualTo("nameserver 192.0.2.1\n"));
    }

    [Test]
    public async Task On_a_network_with_names_its_gateway_is_asked()
    {
        await _room.CreateAsync("a");
        var spec = new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a", Dns = ["9.9.9.9"] };

        Assert.That(await ResolvConfAsync(_room.Container("c1", spec)), Is.EqualTo("nameserver 10.76.0.1\noptions ndots:0\n"));
    }

    [Test]
    public async Task Servers_of_internal_networks_come_last()
    {
        await _room.Create.RunAsync(NetworkRoom.Request("a") with { Internal = true }, CancellationToken.None);
        await _room.CreateAsync("b");
        var endpoints = new Dictionary<string, EndpointSpec> { ["a"] = new(), ["b"] = new() };

        Assert.That(
            await ResolvConfAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a", Endpoints = endpoints })),
            Is.EqualTo("nameserver 10.76.1.1\nnameserver 10.76.0.1\noptions ndots:0\n"));
    }

    private async Task<string> HostsAsync(Container container) => Files.Hosts(container, await _room.PlanAsync(container));

    private async Task<string> ResolvConfAsync(Container container) => Files.ResolvConf(container, await _room.PlanAsync(container));

    private ContainerNetworkFiles Files => new(_host, _room.HostNetworks, new ContainerLinks(new ContainerLookup(_room.Containers), _room.Containers), new EngineOptions());
}
