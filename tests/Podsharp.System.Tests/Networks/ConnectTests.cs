namespace Podsharp.System.Tests.Networks;

public sealed class ConnectTests : EngineTest
{
    private readonly List<string> _networks = [];

    // After the containers, which the base class removes later than this would: those on a network are taken off it by force.
    [TearDown]
    public async Task RemoveNetworksAsync()
    {
        await RemoveContainersAsync();
        if (_networks.Count > 0) await Docker.OutputAsync(["network", "rm", .. _networks]);
        _networks.Clear();
    }

    [Test]
    public async Task A_running_container_gets_an_interface_and_loses_it_again_and_its_other_one_stays()
    {
        var (first, second) = (await NetworkAsync(), await NetworkAsync());
        var container = await RunIdleAsync("--network", first);
        var before = await Docker.OutputAsync("exec", container, "ip", "-o", "link", "show", "eth0");

        await Docker.OutputAsync("network", "connect", second, container);
        var address = await AddressAsync(container, second);
        Assert.That(await Docker.OutputAsync("exec", container, "ip", "-4", "-o", "addr", "show", "eth1"), Does.Contain($"inet {address}/"));

        await Docker.OutputAsync("network", "disconnect", second, container);
        Assert.That((await Docker.RunAsync("exec", container, "ip", "link", "show", "eth1")).ExitCode, Is.Not.Zero);
        Assert.That(await Docker.OutputAsync("exec", container, "ip", "-o", "link", "show", "eth0"), Is.EqualTo(before));
    }

    [Test]
    public async Task What_was_connected_is_there_after_a_restart()
    {
        var (first, second) = (await NetworkAsync(), await NetworkAsync());
        var container = await RunIdleAsync("--network", first);
        await Docker.OutputAsync("network", "connect", "--alias", "also", second, container);
        await Docker.OutputAsync("network", "disconnect", first, container);

        await Docker.OutputAsync("restart", "-t", "0", container);

        Assert.That(await Docker.InspectAsync(container, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"), Is.EqualTo(second + " "));
        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", second, Image, "nslookup", "also"), Does.Contain(await AddressAsync(container, second)));
    }

    [Test]
    public async Task Off_its_last_network_a_container_has_a_loopback_only_and_can_be_connected_again()
    {
        var network = await NetworkAsync();
        var container = await RunIdleAsync("--network", network);

        await Docker.OutputAsync("network", "disconnect", network, container);
        Assert.That(await Docker.InspectAsync(container, "{{json .NetworkSettings.Networks}}"), Is.EqualTo("{}"));

        await Docker.OutputAsync("network", "connect", network, container);
        Assert.That(await Docker.OutputAsync("exec", container, "ip", "route"), Does.Contain("default via"));
    }

    [Test]
    public async Task The_way_out_follows_the_networks_that_are_left()
    {
        var (first, second) = (await NetworkAsync("a"), await NetworkAsync("b"));
        var container = await RunIdleAsync("--network", second, "--network", first);
        Assert.That(await WayOutAsync(container), Is.EqualTo(await GatewayAsync(first)));

        await Docker.OutputAsync("network", "disconnect", first, container);
        Assert.That(await WayOutAsync(container), Is.EqualTo(await GatewayAsync(second)));

        await Docker.OutputAsync("network", "connect", first, container);
        Assert.That(await WayOutAsync(container), Is.EqualTo(await GatewayAsync(first)));
    }

    [Test]
    public async Task A_published_port_is_reached_as_long_as_there_is_a_network()
    {
        var (first, second) = (await NetworkAsync(), await NetworkAsync());
        var container = await RunDetachedAsync("--network", first, "-p", "80", Image, "httpd", "-f", "-p", "80", "-h", "/www");
        async Task<Command> PageAsync()
        {
            var port = (await Docker.OutputAsync("port", container, "80")).Split('\n')[0].Split(':')[^1];
            return Engine.OnHost("sh", "-c", $"for i in 1 2 3 4 5 6 7 8 9 10; do wget -qO- http://127.0.0.1:{port}/ && break; sleep 0.2; done");
        }

        var page = await PageAsync();
        await Docker.OutputAsync("network", "connect", second, container);
        await Docker.OutputAsync("network", "disconnect", first, container);
        Assert.That(await page.OutputAsync(), Is.EqualTo("served"));

        await Docker.OutputAsync("network", "disconnect", second, container);
        Assert.That(await Docker.InspectAsync(container, "{{json .NetworkSettings.Ports}}"), Is.EqualTo("{}"));
        await Docker.OutputAsync("network", "connect", first, container);
        Assert.That(await (await PageAsync()).OutputAsync(), Is.EqualTo("served"));
    }

    [Test]
    public async Task What_the_container_wrote_into_its_hosts_file_stays()
    {
        var network = await NetworkAsync();
        var container = await RunIdleAsync();
        await Docker.OutputAsync("exec", container, "sh", "-c", "echo 192.0.2.7 mine >> /etc/hosts");

        await Docker.OutputAsync("network", "connect", network, container);

        Assert.That(await Docker.OutputAsync("exec", container, "cat", "/etc/hosts"), Does.Contain("192.0.2.7 mine").And.Contain(await AddressAsync(container, network)));
        Assert.That(await Docker.OutputAsync("exec", container, "nslookup", container), Does.Contain(await AddressAsync(container, network)));
    }

    [Test]
    public async Task A_container_that_was_created_only_is_connected_when_it_starts()
    {
        var (first, second) = (await NetworkAsync(), await NetworkAsync());
        var container = NewName();
        await Docker.OutputAsync("create", "--name", container, "--network", first, Image, "sleep", "1000");
        await Docker.OutputAsync("network", "connect", second, container);

        await Docker.OutputAsync("start", container);

        Assert.That(await AddressAsync(container, first), Is.Not.Empty);
        Assert.That(await AddressAsync(container, second), Is.Not.Empty);
    }

    [TestCase("connect", "endpoint with name {0} already exists in network {1}")]
    [TestCase("disconnect", "is not connected to network {1}")]
    public async Task Doing_it_twice_is_an_error_in_the_words_of_docker(string verb, string message)
    {
        var (first, second) = (await NetworkAsync(), await NetworkAsync());
        var container = await RunIdleAsync("--network", first);
        var network = verb == "connect" ? first : second;

        var result = await Docker.RunAsync("network", verb, network, container);

        Assert.That(result.Error, Does.Contain(message.Replace("{0}", container).Replace("{1}", network)));
    }

    private async Task<string> NetworkAsync(string prefix = "n")
    {
        var name = $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];
        await Docker.OutputAsync("network", "create", name);
        _networks.Add(name);
        return name;
    }

    private static Task<string> AddressAsync(string container, string network) =>
        Docker.InspectAsync(container, $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}");

    private static Task<string> GatewayAsync(string network) => Docker.OutputAsync("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", network);

    private static Task<string> WayOutAsync(string container) =>
        Docker.OutputAsync("exec", container, "sh", "-c", "ip route get 192.0.2.99 | sed -n 's/.* via \\([^ ]*\\).*/\\1/p'");
}
