using System.Text;
using System.Text.Json;

namespace Podsharp.Api.Tests.Absent;

[TestFixture]
public sealed class AbsentRoutesTests
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync();
        _client = _server.Client();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase("GET", "/swarm", 404, "not a swarm manager")]
    [TestCase("GET", "/services", 404, "not a swarm manager")]
    [TestCase("POST", "/swarm/init", 503, "not a swarm manager")]
    [TestCase("DELETE", "/services/web", 503, "not a swarm manager")]
    [TestCase("GET", "/tasks/one/logs", 503, "not a swarm manager")]
    [TestCase("GET", "/secrets", 503, "not a swarm manager")]
    [TestCase("POST", "/secrets/create", 503, "not a swarm manager")]
    [TestCase("GET", "/plugins", 404, "no plugins")]
    [TestCase("POST", "/plugins/vieux/sshfs/enable", 404, "no plugins")]
    [TestCase("POST", "/build", 501, "does not build")]
    [TestCase("POST", "/session", 501, "BuildKit")]
    [TestCase("POST", "/grpc", 501, "BuildKit")]
    public async Task What_the_engine_has_not_is_said_in_JSON(string method, string path, int status, string words)
    {
        foreach (var prefix in (string[])["", "/v1.24", "/v1.45"])
        {
            var (answered, body) = await SendAsync(method, prefix + path);

            Assert.That(answered, Is.EqualTo(status), prefix);
            Assert.That(body.GetProperty("message").GetString(), Does.Contain(words));
        }
    }

    [Test]
    public async Task A_cluster_volume_cannot_be_updated() => Assert.That((await SendAsync("PUT", "/volumes/x")).Status, Is.EqualTo(405));

    [TestCase("")]
    [TestCase("?all=1&keep-storage=100&filters={\"until\":[\"24h\"],\"type\":[\"regular\"]}")]
    public async Task Pruning_the_build_cache_finds_nothing(string query)
    {
        var (status, body) = await SendAsync("POST", "/build/prune" + query);

        Assert.That((status, body.GetRawText()), Is.EqualTo((200, """{"CachesDeleted":null,"SpaceReclaimed":0}""")));
    }

    [TestCase("filters={\"bogus\":[\"x\"]}", "invalid filter 'bogus'")]
    [TestCase("filters={\"until\":[\"zz\"]}", "failed to parse value as time or duration: \"zz\"")]
    [TestCase("filters={\"until\":[\"1h\",\"2h\"]}", "filters expect only one value")]
    [TestCase("keep-storage=abc", "keep-storage")]
    public async Task A_prune_of_the_build_cache_refuses_what_it_cannot_read(string query, string words)
    {
        var (status, body) = await SendAsync("POST", "/build/prune?" + query);

        Assert.That(status, Is.EqualTo(400));
        Assert.That(body.GetProperty("message").GetString(), Does.Contain(words));
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var reply = await _client.SendAsync(request);
        Assert.That(reply.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        return ((int)reply.StatusCode, JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync()));
    }
}
