using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class NetworkReaderTests
{
    [TestCase("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"x\"}]}", "invalid port specification: \"x\"")]
    [TestCase("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"99999\"}]}", "invalid port specification: \"99999\"")]
    [TestCase("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"10-5\"}]}", "invalid port specification: \"10-5\"")]
    [TestCase("\"PortBindings\":{\"70000/tcp\":[{}]}", "invalid port \"70000/tcp\": want a number from 1 to 65535")]
    [TestCase("\"PortBindings\":{\"80/foo\":[{}]}", "invalid port \"80/foo\": the protocol must be tcp, udp or sctp")]
    [TestCase("\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"x\"}]}", "invalid HostIp \"x\" for port 80/tcp: it is not an IP address")]
    [TestCase("\"Dns\":[\"x\"]", "invalid Dns: \"x\" is not an IP address")]
    [TestCase("\"ExtraHosts\":[\"x\"]", "bad format for add-host: \"x\"")]
    [TestCase("\"ExtraHosts\":[\"a:b\"]", "invalid IP address in add-host: \"b\"")]
    [TestCase("\"NetworkMode\":\"container:\"", "Invalid network mode: invalid container format container:<name|id>")]
    public void Refuses_what_is_no_address_or_port(string members, string message) =>
        Assert.That(CreateBodies.HostRefusal(members).Message, Is.EqualTo(message));

    [TestCase("a:1.2.3.4")]
    [TestCase("a:host-gateway")]
    [TestCase("a:::1")]
    [TestCase("a:[fe80::1]")]
    public void Takes_a_host_entry(string entry) =>
        Assert.That(CreateBodies.Host($"\"ExtraHosts\":[\"{entry}\"]").Network.ExtraHosts, Is.EqualTo(new[] { entry }));

    [Test]
    public void Publishes_each_binding_of_each_port_and_exposes_it()
    {
        var network = CreateBodies.Host("""
            "PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},{"HostPort":"8000-8010"}],"53/udp":[{"HostPort":""}],"9/tcp":null}
            """).Network;

        Assert.That(network.PortBindings, Is.EqualTo(new[]
        {
            new PortBinding(new PortKey(80, "tcp"), "127.0.0.1", "8080"),
            new PortBinding(new PortKey(80, "tcp"), "", "8000-8010"),
            new PortBinding(new PortKey(53, "udp"), "", ""),
        }));
        Assert.That(network.ExposedPorts.Select(port => port.ToString()), Is.EqualTo(new[] { "80/tcp", "53/udp", "9/tcp" }));
    }

    [Test]
    public void A_range_of_container_ports_goes_to_the_same_number_of_host_ports()
    {
        var network = CreateBodies.Host("\"PortBindings\":{\"80-81/tcp\":[{\"HostPort\":\"8000-8001\"}]}").Network;

        Assert.That(network.PortBindings.Select(binding => (binding.Container.Port, binding.HostPort)), Is.EqualTo(new[] { ((ushort)80, "8000"), ((ushort)81, "8001") }));
    }

    [Test]
    public void Ports_on_the_hosts_network_are_dropped_with_a_warning()
    {
        var reading = CreateBodies.Read("""{"HostConfig":{"NetworkMode":"host","PortBindings":{"80/tcp":[{"HostPort":"80"}]}}}""");

        Assert.That(reading.Spec.Network.PortBindings, Is.Empty);
        Assert.That(reading.Warnings, Is.EqualTo(new[] { "Published ports are discarded when using host network mode" }));
    }

    [TestCase("host", "\"IPAMConfig\":{\"IPv4Address\":\"10.1.1.1\"}", "user specified IP address is supported on user defined networks only")]
    [TestCase("none", "\"IPAMConfig\":{\"IPv6Address\":\"fd00::1\"}", "user specified IP address is supported on user defined networks only")]
    [TestCase("host", "\"Aliases\":[\"a\"]", "network-scoped alias is supported only for containers in user defined networks")]
    public void On_the_hosts_network_and_on_none_there_are_no_addresses_and_aliases(string mode, string settings, string why)
    {
        var refusal = CreateBodies.Refusal($$$"""{"HostConfig":{"NetworkMode":"{{{mode}}}"},"NetworkingConfig":{"EndpointsConfig":{"{{{mode}}}":{ {{{settings}}} } } } }""");

        Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(refusal.Message, Is.EqualTo($"invalid config for network {mode}: invalid endpoint settings:\n{why}"));
    }

    [TestCase("IPv4Address", "fd00::1", "IPv4")]
    [TestCase("IPv6Address", "10.1.1.1", "IPv6")]
    public void An_address_of_the_other_family_is_none(string field, string address, string family)
    {
        var refusal = CreateBodies.Refusal($$$"""{"NetworkingConfig":{"EndpointsConfig":{"n":{"IPAMConfig":{"{{{field}}}":"{{{address}}}"} } } } }""");

        Assert.That(refusal.Message, Is.EqualTo($"invalid config for network n: invalid endpoint settings: invalid {family} address: {address}"));
    }

    [Test]
    public void The_modes_network_is_not_joined_where_others_are_named()
    {
        var network = CreateBodies.Spec("""
            {"HostConfig":{"NetworkMode":"n1"},"NetworkingConfig":{"EndpointsConfig":{"n2":{"Aliases":["q"]}}}}
            """).Network;

        Assert.That(network.Endpoints.Keys, Is.EqualTo(new[] { "n2" }));
        Assert.That(network.Endpoints["n2"].Aliases, Is.EqualTo(new[] { "q" }));
    }

    [TestCase("a", "a:a")]
    [TestCase("a:b", "a:b")]
    [TestCase("/a:/holder/b", "a:b")]
    public void Takes_a_link_as_people_write_it_and_as_inspection_shows_it(string written, string meant) =>
        Assert.That(CreateBodies.Host($"\"Links\":[\"{written}\"]").Network.Links, Is.EqualTo(new[] { meant }));

    [Test]
    public void Before_1_44_a_container_is_created_on_one_network()
    {
        const string Body = """{"NetworkingConfig":{"EndpointsConfig":{"n1":{},"n2":{}}}}""";

        Assert.That(CreateBodies.Read(Body, new ApiVersion(1, 44, 0)).Spec.Network.Endpoints, Has.Count.EqualTo(2));
        Assert.That(
            () => CreateBodies.Read(Body, new ApiVersion(1, 43, 0)),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("Container cannot be created with multiple network endpoints: n1, n2"));
    }

    [Test]
    public void The_containers_own_mac_address_is_taken_with_a_warning_since_1_44()
    {
        const string Body = """{"MacAddress":"02:00:00:00:00:01"}""";

        Assert.That(CreateBodies.Read(Body, new ApiVersion(1, 43, 0)).Warnings, Is.Empty);
        Assert.That(CreateBodies.Read(Body).Warnings, Is.EqualTo(new[] { "The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead." }));
        Assert.That(CreateBodies.Read(Body).Spec.Network.MacAddress, Is.EqualTo("02:00:00:00:00:01"));
    }

    [Test]
    public void A_mac_address_of_an_endpoint_counts_since_1_44()
    {
        const string Body = """{"HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{"MacAddress":"02:00:00:00:00:01"}}}}""";

        Assert.That(CreateBodies.Read(Body, new ApiVersion(1, 43, 0)).Spec.Network.Endpoints["n"].MacAddress, Is.Empty);
        Assert.That(CreateBodies.Read(Body).Spec.Network.Endpoints["n"].MacAddress, Is.EqualTo("02:00:00:00:00:01"));
    }

    [TestCase("""{"MacAddress":"02:00:00:00:00:01","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{"MacAddress":"02:00:00:00:00:02"}}}}""", "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty")]
    [TestCase("""{"MacAddress":"xx"}""", "invalid config for network bridge: invalid MAC address xx")]
    [TestCase("""{"NetworkingConfig":{"EndpointsConfig":{"n":{"IPAMConfig":{"IPv4Address":"1.2"}}}}}""", "invalid config for network n: invalid endpoint settings: invalid IPv4 address: 1.2")]
    [TestCase("""{"HostConfig":{"NetworkMode":"host"},"NetworkingConfig":{"EndpointsConfig":{"n":{}}}}""", "conflicting options: network mode \"host\" and the network \"n\"")]
    public void Refuses_wrong_endpoints(string body, string message) =>
        Assert.That(CreateBodies.Refusal(body).Message, Is.EqualTo(message));
}
