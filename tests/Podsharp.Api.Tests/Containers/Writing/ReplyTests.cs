using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Api.Tests.Containers.Reading;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Testing;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class ReplyTests
{
    private static readonly ApiVersion Newest = new(1, 51, 0);

    [Test]
    public void A_list_entry_has_each_published_port_once_for_each_address_family()
    {
        var entry = Entry(Sample.Running());

        Assert.That(
            entry["Ports"]!.ToJsonString(),
            Is.EqualTo("""[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"IP":"::","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"IP":"::1","PrivatePort":81,"PublicPort":8081,"Type":"tcp"}]"""));
    }

    [Test]
    public void A_list_entry_of_a_running_container_is_dockers()
    {
        var entry = Entry(Sample.Running());

        Assert.Multiple(() =>
        {
            Assert.That(entry["Names"]!.ToJsonString(), Is.EqualTo("""["/c1"]"""));
            Assert.That((string?)entry["State"], Is.EqualTo("running"));
            Assert.That((string?)entry["Status"], Is.EqualTo("Up 9 seconds"));
            Assert.That((string?)entry["Command"], Is.EqualTo("sleep 1000"));
            Assert.That((long?)entry["Created"], Is.EqualTo(Sample.Created.ToUnixTimeSeconds()));
            Assert.That(entry["Labels"]!.ToJsonString(), Is.EqualTo("{}"));
            Assert.That(entry["Mounts"]!.ToJsonString(), Is.EqualTo("[]"));
            Assert.That(entry["HostConfig"]!.ToJsonString(), Is.EqualTo("""{"NetworkMode":"bridge"}"""));
            Assert.That((string?)entry["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"], Is.EqualTo("10.87.0.2"));
            Assert.That(entry.ContainsKey("SizeRw"), Is.False);
        });
    }

    [Test]
    public void A_container_that_is_down_has_no_ports_but_the_name_of_its_network()
    {
        var entry = Entry(Sample.Container());

        Assert.That(entry["Ports"]!.ToJsonString(), Is.EqualTo("[]"));
        Assert.That((string?)entry["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"], Is.Empty);
    }

    [Test]
    public void A_container_that_has_just_ended_has_no_address_though_its_network_is_still_to_be_taken_down()
    {
        var running = Sample.Running();
        var ended = running with { State = running.State with { Phase = ContainerPhase.Exited, CleanupOwed = true } };

        var (entry, settings) = (Entry(ended), Inspect(ended)["NetworkSettings"]!);

        Assert.Multiple(() =>
        {
            Assert.That(entry["Ports"]!.ToJsonString(), Is.EqualTo("[]"));
            Assert.That((string?)entry["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"], Is.Empty);
            Assert.That((string?)settings["SandboxKey"], Is.Empty);
            Assert.That(settings["Ports"]!.ToJsonString(), Is.EqualTo("{}"));
            Assert.That((string?)settings["Networks"]!["bridge"]!["NetworkID"], Is.EqualTo(new string('c', 64)));
        });
    }

    [Test]
    public void Inspection_shows_the_labels_of_SELinux()
    {
        var labelled = Inspect(Sample.Container() with { ProcessLabel = "a:b:c_t:s0:c1,c2", MountLabel = "a:b:f_t:s0:c1,c2" });

        Assert.That((string?)labelled["ProcessLabel"], Is.EqualTo("a:b:c_t:s0:c1,c2"));
        Assert.That((string?)labelled["MountLabel"], Is.EqualTo("a:b:f_t:s0:c1,c2"));
        Assert.That((string?)Inspect(Sample.Container())["ProcessLabel"], Is.Empty);
    }

    [Test]
    public void Inspection_shows_the_default_networks_address_at_the_top_too()
    {
        var settings = Inspect(Sample.Running())["NetworkSettings"]!;

        Assert.That((string?)settings["IPAddress"], Is.EqualTo("10.87.0.2"));
        Assert.That((int?)settings["IPPrefixLen"], Is.EqualTo(16));
        Assert.That((string?)settings["Gateway"], Is.EqualTo("10.87.0.1"));
        Assert.That(settings["Ports"]!["80/tcp"]!.ToJsonString(), Is.EqualTo("""[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}]"""));
    }

    [Test]
    public void Inspection_of_a_container_that_never_ran_has_the_year_one_and_null_lists()
    {
        var reply = Inspect(Sample.Container());

        Assert.That((string?)reply["State"]!["StartedAt"], Is.EqualTo("0001-01-01T00:00:00Z"));
        Assert.That((string?)reply["State"]!["FinishedAt"], Is.EqualTo("0001-01-01T00:00:00Z"));
        Assert.That(reply["ExecIDs"], Is.Null);
        Assert.That(reply["HostConfig"]!["Binds"], Is.Null);
        Assert.That(reply["Args"]!.ToJsonString(), Is.EqualTo("""["1000"]"""));
        Assert.That((string?)reply["Path"], Is.EqualTo("sleep"));
    }

    private static readonly string[] EmptyOnes =
    [
        "Binds", "BlkioDeviceReadBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteBps", "BlkioDeviceWriteIOps", "BlkioWeightDevice", "CapAdd", "CapDrop", "DeviceCgroupRules",
        "DeviceRequests", "Devices", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "SecurityOpt", "Ulimits", "VolumesFrom",
    ];

    [TestCaseSource(nameof(EmptyOnes))]
    public void A_list_that_was_left_out_is_null_and_one_that_was_given_as_empty_is_empty(string name)
    {
        var left = Inspect(Sample.Container(CreateBodies.Host("")))["HostConfig"]!.AsObject();
        var given = Inspect(Sample.Container(CreateBodies.Host($"\"{name}\":[]")))["HostConfig"]!;

        Assert.That((left.ContainsKey(name), left[name]), Is.EqualTo((true, (JsonNode?)null)));
        Assert.That(given[name]?.ToJsonString(), Is.EqualTo("[]"));
    }

    [Test]
    public void Ports_that_were_left_out_are_null_and_those_given_as_none_are_empty()
    {
        Assert.That(Inspect(Sample.Container(CreateBodies.Host("")))["HostConfig"]!["PortBindings"], Is.Null);
        Assert.That(Inspect(Sample.Container(CreateBodies.Host("\"PortBindings\":{}")))["HostConfig"]!["PortBindings"]?.ToJsonString(), Is.EqualTo("{}"));
    }

    [Test]
    public void Inspection_shows_what_the_engine_chose_where_nothing_was_asked()
    {
        var host = Inspect(Sample.Container())["HostConfig"]!;

        Assert.Multiple(() =>
        {
            Assert.That((string?)host["Runtime"], Is.EqualTo(new FakeHost().Facts.Runtime.Name));
            Assert.That((string?)host["CgroupnsMode"], Is.EqualTo("private").Or.EqualTo("host"));
            Assert.That(host["MaskedPaths"]!.ToJsonString(), Does.Contain("\"/proc/kcore\""));
            Assert.That(host["ReadonlyPaths"]!.ToJsonString(), Does.Contain("\"/proc/sys\""));
        });
    }

    [Test]
    public void Nothing_is_hidden_from_a_privileged_container()
    {
        var host = Inspect(Sample.Container(new ContainerSpec { Security = new SecuritySpec { Privileged = true } }))["HostConfig"]!.AsObject();

        Assert.That((host.ContainsKey("MaskedPaths"), host["MaskedPaths"], host["ReadonlyPaths"]), Is.EqualTo((true, (JsonNode?)null, (JsonNode?)null)));
    }

    [Test]
    public void Swap_that_was_not_asked_for_is_twice_the_memory()
    {
        var host = Inspect(Sample.Container(new ContainerSpec { Resources = new ResourceLimits { Memory = 64 << 20 } }))["HostConfig"]!;

        Assert.That((long?)host["MemorySwap"], Is.EqualTo(128 << 20));
    }

    // docker-compose makes a container anew whose networks have other ids than those it wants.
    [Test]
    public void A_container_that_has_ended_keeps_the_ids_of_its_networks()
    {
        var ended = Sample.Container() with { State = new ContainerState { LastNetworks = new Dictionary<string, string> { ["bridge"] = "b1" } } };

        Assert.That((string?)Inspect(ended)["NetworkSettings"]!["Networks"]!["bridge"]!["NetworkID"], Is.EqualTo("b1"));
        Assert.That((string?)Entry(ended)["NetworkSettings"]!["Networks"]!["bridge"]!["NetworkID"], Is.EqualTo("b1"));
    }

    [Test]
    public void Fields_of_later_versions_are_left_out()
    {
        var spec = new ContainerSpec { Annotations = new Dictionary<string, string> { ["a"] = "b" } };

        var old = Inspect(Sample.Running(spec), new ApiVersion(1, 41, 0));

        Assert.That(old["HostConfig"]!.AsObject().ContainsKey("Annotations"), Is.False);
        Assert.That(old["NetworkSettings"]!["Networks"]!["bridge"]!.AsObject().ContainsKey("DNSNames"), Is.False);
        Assert.That(old["NetworkSettings"]!["Networks"]!["bridge"]!.AsObject().ContainsKey("GwPriority"), Is.False);
    }

    [Test]
    public void From_1_52_on_addresses_stand_with_their_networks_alone_and_a_list_tells_the_health()
    {
        var newer = new ApiVersion(1, 52, 0);
        var container = Sample.Running(new ContainerSpec { Network = new NetworkSpec { MacAddress = "02:00:00:00:00:01" } });

        var names = Inspect(container, newer)["NetworkSettings"]!.AsObject().Select(static field => field.Key);

        Assert.That(names, Is.EquivalentTo(new[] { "SandboxID", "SandboxKey", "Ports", "Networks" }));
        Assert.That(Inspect(container, newer)["Config"]!.AsObject().ContainsKey("MacAddress"), Is.False);
        Assert.That(Entry(container, newer)["Health"]!.ToJsonString(), Is.EqualTo("""{"Status":"none","FailingStreak":0}"""));
        Assert.That((string?)Inspect(container)["Config"]!["MacAddress"], Is.EqualTo("02:00:00:00:00:01"));
        Assert.That(Entry(container).ContainsKey("Health"), Is.False);
    }

    [Test]
    public void Until_1_51_the_secondary_addresses_are_null()
    {
        var settings = Inspect(Sample.Running())["NetworkSettings"]!.AsObject();

        Assert.That((settings.ContainsKey("SecondaryIPAddresses"), settings["SecondaryIPAddresses"]), Is.EqualTo((true, (JsonNode?)null)));
        Assert.That((settings.ContainsKey("SecondaryIPv6Addresses"), settings["SecondaryIPv6Addresses"]), Is.EqualTo((true, (JsonNode?)null)));
    }

    // What clients read back (compose compares, tools recreate) must be what they sent.
    [TestCase("docker-cli-ports")]
    [TestCase("docker-cli-host-privileged")]
    [TestCase("docker-cli-joined-network")]
    [TestCase("docker-py-everything")]
    [TestCase("docker-dotnet-enhanced")]
    [TestCase("compose-service-with-limits")]
    [TestCase("compose-service-with-networks")]
    public void Inspection_echoes_what_a_client_asked_of_the_host(string name)
    {
        var body = CreateBodies.Captured(name);
        var asked = JsonNode.Parse(body)!["HostConfig"]!.AsObject();

        var echoed = Inspect(Sample.Container(CreateBodies.Spec(body)))["HostConfig"]!.AsObject();

        foreach (var (key, value) in asked)
        {
            if (IsZero(value) || key is "LogConfig" or "MemorySwappiness") continue;
            var expected = key switch
            {
                "NetworkMode" when (string?)value == "default" => JsonValue.Create("bridge"),
                "RestartPolicy" => Restart(value!),
                "Mounts" => Mounts(value!),
                _ => value,
            };
            Assert.That(JsonNode.DeepEquals(echoed[key], expected), Is.True, $"{key}: {echoed[key]?.ToJsonString()} is not {expected?.ToJsonString()}");
        }
    }

    private static JsonNode Restart(JsonNode policy) => new JsonObject
    {
        ["Name"] = (string?)policy["Name"] is { Length: > 0 } text ? text : "no",
        ["MaximumRetryCount"] = (int?)policy["MaximumRetryCount"] ?? 0,
    };

    private static JsonArray Mounts(JsonNode mounts)
    {
        var kept = new JsonArray();
        foreach (var mount in mounts.AsArray())
        {
            var members = mount!.AsObject().Where(member => !IsZero(member.Value)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()));
            kept.Add(new JsonObject(members));
        }

        return kept;
    }

    private static bool IsZero(JsonNode? node) => node switch
    {
        null => true,
        JsonArray array => array.All(IsZero),
        JsonObject map => map.All(member => IsZero(member.Value)),
        _ => node.ToJsonString() is "0" or "false" or "\"\"",
    };

    private static JsonObject Entry(Container container, ApiVersion? version = null)
    {
        var list = ListWriter.Write([new ContainerListing(container, "busybox:1", null, null)], version ?? Newest, Sample.Created.AddSeconds(10));
        return JsonNode.Parse(list.Span)!.AsArray()[0]!.AsObject();
    }

    private static JsonObject Inspect(Container container, ApiVersion? version = null)
    {
        var inspection = new ContainerInspection(container, null, new ContainerFiles("", "", "", "", "", "", "", ""), [], null, null);
        var reply = InspectWriter.Write(inspection, new EngineChoices(new EngineOptions(), new FakeHost()), version ?? Newest);
        return Parse(JsonSerializer.Serialize(reply, ContainerJson.Default.InspectReply)).AsObject();
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
