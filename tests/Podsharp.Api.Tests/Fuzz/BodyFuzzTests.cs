using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Tests.Fuzz;

/// <summary>Bodies of JSON that are damaged, or sound JSON of the wrong kind.</summary>
public sealed class BodyFuzzTests
{
    private const string Sound =
        """
        {"Hostname":"h","Domainname":"d","User":"1:2","Env":["A=B","C"],"Cmd":["sh","-c","true"],"Entrypoint":["/e"],"Image":"busybox","Volumes":{"/data":{}},
        "WorkingDir":"/w","Labels":{"a":"b"},"StopSignal":"SIGTERM","StopTimeout":3,"Tty":true,"OpenStdin":true,"ExposedPorts":{"80/tcp":{},"53-55/udp":{}},
        "Healthcheck":{"Test":["CMD","true"],"Interval":1000000000,"Timeout":1000000000,"Retries":3,"StartPeriod":0},
        "HostConfig":{"Binds":["/tmp:/t:ro","v:/v"],"NetworkMode":"bridge","PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080-8090"}]},
        "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"CapAdd":["NET_ADMIN"],"CapDrop":["ALL"],"Dns":["1.1.1.1"],"ExtraHosts":["a:1.2.3.4"],
        "Memory":8388608,"NanoCpus":500000000,"CpusetCpus":"0-1","PidsLimit":10,"Ulimits":[{"Name":"nofile","Soft":10,"Hard":20}],"Tmpfs":{"/x":"size=1m"},
        "Mounts":[{"Type":"volume","Source":"v","Target":"/m","VolumeOptions":{"NoCopy":true,"Labels":{"a":"b"}}},{"Type":"tmpfs","Target":"/n","TmpfsOptions":{"SizeBytes":1}}],
        "Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/dev/n","CgroupPermissions":"rwm"}],"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}},
        "SecurityOpt":["no-new-privileges"],"Sysctls":{"net.core.somaxconn":"10"},"ShmSize":1000,"IpcMode":"private","PidMode":"host","UsernsMode":"host","BlkioWeight":10},
        "NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":["x"],"IPAMConfig":{"IPv4Address":"10.1.1.1"},"MacAddress":"02:42:ac:11:00:02"}}}}
        """;

    private static readonly string[] Values =
    [
        "null", "0", "-1", "1.5", "9223372036854775807", "-9223372036854775808", "1e300", "true", "false", "\"\"", "\"\\u0000\"", "\"..\"", "\"/\"", "\":\"", "\"a:b:c:d\"",
        "\"99999999999999999999\"", "\"1-0\"", "\"host\"", "\"container:\"", "[]", "[null]", "[\"\"]", "[[]]", "{}", "{\"\":null}", "{\"a\":{}}", "{\"/\":{}}", "{\"0/tcp\":[{}]}",
    ];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task A_damaged_body_is_read_or_refused(int seed)
    {
        var mutations = new Mutations(seed);
        await using var server = await ApiServer.StartAsync(docker: routes => routes.Post("/create", CreateAsync));
        using var client = server.Client();

        for (var round = 0; round < 300; round++)
        {
            var body = round % 3 == 0 ? mutations.Damage(Encoding.UTF8.GetBytes(Sound)) : Encoding.UTF8.GetBytes(Exchanged(mutations));
            using var reply = await client.PostAsync("/create", new ByteArrayContent(body));
            Assert.That((int)reply.StatusCode, Is.AnyOf(200, 400, 501), $"seed {seed}, round {round}: {Encoding.UTF8.GetString(body)}\n{await reply.Content.ReadAsStringAsync()}");
        }

        Assert.That(server.Logs.Lines, Is.Empty, $"seed {seed}");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_damaged_query_is_read_or_refused(int seed)
    {
        var mutations = new Mutations(seed);
        string[] sound = ["1", "true", "10m", "1700000000.5", "2024-01-02T03:04:05Z", """{"label":["a=b"],"status":{"up":true}}""", "1000000h", "-1"];
        for (var round = 0; round < 3000; round++)
        {
            var text = mutations.Damage(mutations.One(sound));
            var query = new QueryReader(new Microsoft.AspNetCore.Http.QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["q"] = text, ["filters"] = text }), strictBooleans: true, TimeProvider.System);
            foreach (var read in (Action[])[() => query.Bool("q"), () => query.Int("q"), () => query.Long("q"), () => query.Duration("q"), () => query.Time("q"), () => query.Filters("label", "status")])
                AssertReadOrRefused(read, $"seed {seed}, round {round}: {text}");
        }
    }

    private static void AssertReadOrRefused(Action read, string what)
    {
        try
        {
            read();
        }
        catch (EngineException refusal)
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.InvalidInput), what);
        }
        catch (Exception failure)
        {
            Assert.Fail($"{what}\n{failure}");
        }
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(ContainerJson.Default.CreateBody);
        _ = CreateBodyReader.Read(body, request.Query, request.Version);
        await request.ReplyAsync(200);
    }

    /// <summary>The sound body with one to three values exchanged for others.</summary>
    private static string Exchanged(Mutations mutations)
    {
        var root = JsonNode.Parse(Sound)!;
        for (var count = mutations.One([1, 2, 3]); count > 0; count--)
        {
            var places = Places(root).ToList();
            if (places.Count == 0) break;
            var (parent, key, index) = mutations.One(places);
            var value = JsonNode.Parse(mutations.One(Values));
            if (key is not null) parent[key] = value;
            else parent[index] = value;
        }

        return root.ToJsonString(new JsonSerializerOptions());
    }

    private static IEnumerable<(JsonNode Parent, string? Key, int Index)> Places(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (key, value) in members)
            {
                yield return (node, key, 0);
                if (value is null) continue;
                foreach (var below in Places(value)) yield return below;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                yield return (node, null, i);
                if (items[i] is not { } item) continue;
                foreach (var below in Places(item)) yield return below;
            }
        }
    }
}
