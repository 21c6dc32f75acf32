using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;
using Podsharp.Engine.Events;
using Podsharp.Engine.Networks;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NetworkRoutesTests
{
    private readonly FakeContainerStore _containers = new();
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(services => services
            .AddSingleton<TimeProvider>(new FakeClock(Samples.Time))
            .AddSingleton<IContainerStore>(_containers)
            .AddSingleton<INetworkStore>(new FakeNetworkStore())
            .AddSingleton<INetworkDriver>(new FakeNetworkDriver())
            .AddSingleton<IHostNetworks>(new FakeHostNetworks())
            .AddSingleton<IEventLog>(new FakeEventLog())
            .AddSingleton<EventPublisher>()
            .AddSingleton(new EngineOptions())
            .AddSingleton<AddressPool>()
            .AddSingleton<NetworkCatalog>()
            .AddSingleton<NetworkRemoval>()
            .AddSingleton<CreateNetwork>()
            .AddSingleton<InspectNetwork>()
            .AddSingleton<ListNetworks>()
            .AddSingleton<PruneNetworks>()
            .AddSingleton<RemoveNetwork>());
        _client = _server.Client();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase("1.24", true)]
    [TestCase("1.45", false)]
    public async Task A_list_tells_old_clients_who_is_on_a_network(string version, bool told)
    {
        var bridge = (await _client.GetFromJsonAsync<JsonElement>("/v1.45/networks/bridge")).GetProperty("Id").GetString()!;
        var endpoint = new Endpoint { NetworkName = "bridge", NetworkId = bridge, EndpointId = new string('d', 64), InterfaceName = "eth0" };
        var container = Samples.Container("c", Samples.Image("image"), ContainerPhase.Running);
        _containers.Put(container with { State = container.State with { Endpoints = [endpoint] } });

        var list = await _client.GetFromJsonAsync<JsonElement>($"/v{version}/networks?filters={{\"name\":[\"bridge\"]}}");

        Assert.That(list[0].GetProperty("Containers").TryGetProperty(container.Id.ToString(), out _), Is.EqualTo(told));
    }

    [Test]
    public async Task A_network_whose_name_holds_a_slash_is_found_and_removed_by_it()
    {
        using var created = await _client.PostAsync(new Uri("/v1.45/networks/create", UriKind.Relative), new StringContent("""{"Name":"a/b"}""", Encoding.UTF8, "application/json"));

        Assert.That((await _client.GetFromJsonAsync<JsonElement>("/v1.45/networks/a/b")).GetProperty("Name").GetString(), Is.EqualTo("a/b"));
        using var removed = await _client.DeleteAsync(new Uri("/v1.45/networks/a/b", UriKind.Relative));
        Assert.That((int)removed.StatusCode, Is.EqualTo(204));
    }

    [Test]
    public async Task Lists_the_predefined_networks()
    {
        var list = await _client.GetFromJsonAsync<JsonElement>("/v1.45/networks");

        Assert.That(list.EnumerateArray().Select(entry => entry.GetProperty("Name").GetString()), Is.EquivalentTo(new[] { "bridge", "host", "none" }));
        Assert.That(list[0].TryGetProperty("EnableIPv4", out _), Is.False);
    }

    [Test]
    public async Task What_was_created_is_inspected_as_docker_writes_it()
    {
        var (status, body) = await SendAsync(
            "POST",
            "/networks/create",
            """
            {"Name":"net1","CheckDuplicate":true,"IPAM":{"Driver":"default","Options":{},"Config":[{"Subnet":"10.50.0.0/24","Gateway":"10.50.0.9","AuxiliaryAddresses":{"x":"10.50.0.7"}}]},
             "Attachable":true,"Options":{"com.docker.network.driver.mtu":"1400"},"Labels":{"a":"b"}}
            """);
        Assert.That(status, Is.EqualTo(201), body);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("Id").GetString();

        var (_, inspected) = await SendAsync("GET", "/v1.45/networks/net1");

        Assert.That(inspected, Is.EqualTo(
            $$$"""
            {"Name":"net1","Id":"{{{id}}}","Created":"2026-01-02T03:04:05Z","Scope":"local","Driver":"bridge","EnableIPv6":false,"IPAM":{"Driver":"default","Options":{},"Config":[{"Subnet":"10.50.0.0/24","Gateway":"10.50.0.9","AuxiliaryAddresses":{"x":"10.50.0.7"}}]},"Internal":false,"Attachable":true,"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,"Containers":{},"Options":{"com.docker.network.driver.mtu":"1400"},"Labels":{"a":"b"}}
            """));
    }

    [Test]
    public async Task Address_management_without_options_is_shown_as_it_was_given()
    {
        await SendAsync("POST", "/networks/create", """{"Name":"net1","IPAM":{"Driver":"default"}}""");

        var (_, inspected) = await SendAsync("GET", "/networks/net1");

        Assert.That(inspected, Does.Contain("""
            "IPAM":{"Driver":"default","Options":null,
            """));
    }

    [Test]
    public async Task Inspection_names_the_containers_on_the_network()
    {
        var bridge = await _client.GetFromJsonAsync<JsonElement>("/networks/bridge");
        var container = Samples.Container("c1", Samples.Image("i", "i:1"), ContainerPhase.Running);
        var endpoint = new Endpoint
        {
            NetworkName = "bridge", NetworkId = bridge.GetProperty("Id").GetString()!, EndpointId = "e1", InterfaceName = "eth0", IPv4 = "10.87.0.2/16", MacAddress = "02:00:00:00:00:01",
        };
        _containers.Put(container with { State = container.State with { Endpoints = [endpoint] } });

        var on = (await _client.GetFromJsonAsync<JsonElement>("/networks/bridge")).GetProperty("Containers");

        Assert.That(on.GetRawText(), Is.EqualTo(
            $$$"""{"{{{container.Id}}}":{"Name":"c1","EndpointID":"e1","MacAddress":"02:00:00:00:00:01","IPv4Address":"10.87.0.2/16","IPv6Address":""}}"""));
    }

    [Test]
    public async Task From_1_52_on_inspection_counts_the_addresses()
    {
        var body = """{"Name":"net1","EnableIPv6":true,"IPAM":{"Config":[{"Subnet":"10.50.0.0/24","IPRange":"10.50.0.0/28","AuxiliaryAddresses":{"x":"10.50.0.7"}},{"Subnet":"fd00:50::/64"}]}}""";
        var (status, created) = await SendAsync("POST", "/networks/create", body);
        Assert.That(status, Is.EqualTo(201), created);
        var container = Samples.Container("c1", Samples.Image("i", "i:1"), ContainerPhase.Running);
        var endpoint = new Endpoint
        {
            NetworkName = "net1", NetworkId = JsonDocument.Parse(created).RootElement.GetProperty("Id").GetString()!, EndpointId = "e1", InterfaceName = "eth0",
            IPv4 = "10.50.0.200/24", IPv6 = "fd00:50::9/64", MacAddress = "02:00:00:00:00:01",
        };
        _containers.Put(container with { State = container.State with { Endpoints = [endpoint] } });

        var reply = await _client.GetFromJsonAsync<JsonElement>("/v1.52/networks/net1");

        // Of the range: the network's address, the gateway and the reserved one; beyond it: the container's and the broadcast address.
        Assert.That(reply.GetProperty("Status").GetRawText(), Is.EqualTo(
            """{"IPAM":{"Subnets":{"10.50.0.0/24":{"IPsInUse":5,"DynamicIPsAvailable":13},"fd00:50::/64":{"IPsInUse":3,"DynamicIPsAvailable":18446744073709551613}}}}"""));
        Assert.That((await _client.GetFromJsonAsync<JsonElement>("/v1.51/networks/net1")).TryGetProperty("Status", out _), Is.False);
    }

    [TestCase("""{"Name":"x","ConfigOnly":true}""", 501, "ConfigOnly")]
    [TestCase("""{"Name":"x","Ingress":true}""", 501, "Ingress")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.bridge.enable_icc":"false"}}""", 501, "enable_icc")]
    [TestCase("""{"Name":"x","Scope":"swarm"}""", 403, "cannot create a swarm scoped network when swarm is not active")]
    [TestCase("""{"Name":"x","Mystery":1}""", 400, "Mystery")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.driver.mtu":"xx"}}""", 400, "failed to parse com.docker.network.driver.mtu value: xx (strconv.Atoi: parsing \"xx\": invalid syntax)")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.driver.mtu":"-5"}}""", 400, "invalid MTU number: -5")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.bridge.enable_icc":"xx"}}""", 400, "strconv.ParseBool")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.bridge.gateway_mode_ipv4":"routed"}}""", 501, "gateway_mode_ipv4=routed")]
    [TestCase("""{"Name":"x","Options":{"com.docker.network.nosuch":"1"}}""", 501, "com.docker.network.nosuch")]
    [TestCase("""{"Name":"x","Options":{"colour":"red"}}""", 400, "colour")]
    [TestCase("""{"Name":"x","Driver":"macvlan","Options":{"parent":"eth0","macvlan_mode":"odd"}}""", 400, "requested macvlan mode 'odd' is not valid")]
    [TestCase("""{"Name":"x","IPAM":{"Driver":"foo"}}""", 501, "IPAM.Driver")]
    [TestCase("""{"Name":"x","Driver":"foo"}""", 404, "plugin \"foo\" not found")]
    [TestCase("""{"Name":"bridge"}""", 403, "predefined bridge network")]
    [TestCase("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.9.0.5/16"}]}}""", 400, "it should be 10.9.0.0/16")]
    public async Task What_cannot_be_done_is_refused_by_name(string request, int status, string text)
    {
        var (actual, body) = await SendAsync("POST", "/networks/create", request);

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("message").GetString(), Does.Contain(text));
    }

    [TestCase("""{"until":["x"]}""", "failed to parse value as time or duration: \"x\"")]
    [TestCase("""{"until":["1h","2h"]}""", "more than one until filter specified")]
    [TestCase("""{"dangling":["true"]}""", "invalid filter 'dangling'")]
    public async Task A_prune_is_narrowed_by_what_it_knows(string filters, string refusal)
    {
        var (status, body) = await SendAsync("POST", "/networks/prune?filters=" + Uri.EscapeDataString(filters));

        Assert.That((status, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()), Is.EqualTo((400, refusal)));
    }

    [Test]
    public async Task A_network_is_of_this_machine_only()
    {
        Assert.That((await SendAsync("GET", "/networks/bridge?scope=local")).Status, Is.EqualTo(200));
        Assert.That((await SendAsync("GET", "/networks/bridge?scope=swarm")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Removes_and_prunes()
    {
        await SendAsync("POST", "/networks/create", """{"Name":"net-a"}""");
        await SendAsync("POST", "/networks/create", """{"Name":"net-b"}""");

        Assert.That((await SendAsync("DELETE", "/networks/net-a")).Status, Is.EqualTo(204));
        Assert.That(await SendAsync("POST", "/networks/prune"), Is.EqualTo((200, """{"NetworksDeleted":["net-b"]}""")));
        Assert.That(await SendAsync("POST", "/networks/prune"), Is.EqualTo((200, """{"NetworksDeleted":null}""")));
        Assert.That((await SendAsync("DELETE", "/networks/net-a")).Status, Is.EqualTo(404));
    }

    private async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }
}
