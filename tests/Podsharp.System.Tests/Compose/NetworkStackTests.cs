namespace Podsharp.System.Tests.Compose;

/// <summary>A front and a back network, of which the back one is internal: fixed addresses, aliases, a service on both.</summary>
public sealed class NetworkStackTests(ComposeGeneration generation) : StackTest(generation, "net")
{
    // One project of each generation at a time, in subnets that nobody else has.
    private string Third => Generation == ComposeGeneration.One ? "61" : "62";

    protected override string File => $$"""
        services:
          proxy:
            { {{Idle}}, networks: { front: { aliases: [www.example.test] }, back: { ipv4_address: 10.231.{{Third}}.20 } } }
          app:
            image: {{Image}}
            init: true
            command: ["httpd", "-f", "-p", "8080", "-h", "/www"]
            networks: { back: { ipv4_address: 10.231.{{Third}}.10, aliases: [backend, api.internal] } }
          visitor:
            { {{Idle}}, networks: [front] }
        networks:
          front: {}
          back:
            internal: true
            ipam: { config: [ { subnet: 10.231.{{Third}}.0/24 } ] }
        """;

    [Test]
    public async Task A_service_on_both_networks_has_an_address_on_each()
    {
        var addresses = await Stack.SayAsync("proxy", "ip -4 -o addr show | grep -c eth");

        Assert.That(addresses, Is.EqualTo("2"));
        Assert.That(await Stack.SayAsync("proxy", "ip -4 -o addr show"), Does.Contain($"10.231.{Third}.20/24"));
    }

    [Test]
    public async Task Fixed_addresses_are_kept() =>
        Assert.That(await Stack.InspectAsync("app", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"), Is.EqualTo($"10.231.{Third}.10"));

    [TestCase("app")]
    [TestCase("backend")]
    [TestCase("api.internal")]
    public async Task The_internal_service_answers_by_its_names_on_its_network(string name) =>
        Assert.That(await Stack.SayAsync("proxy", $"wget -qO- http://{name}:8080/"), Is.EqualTo("served"));

    [Test]
    public async Task An_alias_is_known_on_its_network() =>
        Assert.That(await Stack.SayAsync("visitor", "nslookup www.example.test | grep -c '^Name:.*www.example.test'"), Is.EqualTo("1"));

    [Test]
    public async Task A_name_of_another_network_is_unknown() =>
        Assert.That(await Stack.SayAsync("visitor", "nslookup app >/dev/null 2>&1 || echo unknown"), Is.EqualTo("unknown"));

    [Test]
    public async Task An_address_of_an_internal_network_is_out_of_reach_from_others() =>
        Assert.That(await Stack.SayAsync("visitor", $"nc -w 1 10.231.{Third}.10 8080 </dev/null 2>/dev/null || echo out of reach"), Is.EqualTo("out of reach"));

    [Test]
    public async Task The_internal_network_does_not_lead_outside()
    {
        if (Engine.IsPeer) Assert.Ignore("needs a network namespace of the engine's own");
        var (link, address) = ($"outside{(int)Generation}", $"198.51.100.{(int)Generation}");
        await Engine.OnHost("ip", "link", "add", link, "type", "veth", "peer", "name", "peer-" + link[^1]).OutputAsync();
        await Engine.OnHost("ip", "addr", "add", address + "/32", "dev", link).OutputAsync();
        await Engine.OnHost("ip", "link", "set", link, "up").OutputAsync();
        await Stack.WriteAsync("index.html", "served outside\n");
        await using var server = Engine.OnHost("busybox", "httpd", "-f", "-p", $"{address}:8090", "-h", Stack.Directory).Start();
        try
        {
            await Eventually.SettleAsync(() => Engine.OnHost("curl", "-s", $"http://{address}:8090/index.html").RunAsync(), answer => answer.ExitCode == 0);
            Assert.That(await Stack.SayAsync("visitor", $"wget -qO- http://{address}:8090/index.html"), Is.EqualTo("served outside"));
            Assert.That(await Stack.SayAsync("app", $"wget -qO- http://{address}:8090/index.html 2>/dev/null || echo not reached"), Is.EqualTo("not reached"));
        }
        finally
        {
            server.Kill();
            await Engine.OnHost("ip", "link", "del", link).OutputAsync();
        }
    }
}
