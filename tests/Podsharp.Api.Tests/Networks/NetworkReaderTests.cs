using System.Text.Json;
using Podsharp.Api.Docker.Networks;
using Podsharp.Core.Errors;
using Podsharp.Engine.Networks;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Tests.Networks;

public sealed class NetworkReaderTests
{
    [Test]
    public void Reads_the_connect_of_docker_java_which_says_the_endpoint_twice() => Assert.That(
        Connect("""{"Container":"c","EndpointConfig":{"Aliases":["a"],"Links":null},"containerConfig":{"Aliases":["a"],"Links":null}}""").Endpoint.Aliases,
        Is.EqualTo(new[] { "a" }));

    [TestCase("""{"Container":"c","containerConfig":{"Aliases":["a"]}}""", "unknown field containerConfig:")]
    [TestCase("""{"Container":"c","EndpointConfig":{"Foo":1}}""", "unknown field EndpointConfig.Foo:")]
    public void Refuses_what_a_connect_does_not_know(string body, string opening) =>
        Assert.That(() => Connect(body), Throws.InstanceOf<EngineException>().With.Message.StartsWith(opening));

    private static ConnectNetworkRequest Connect(string body) => NetworkReader.Read("n", JsonSerializer.Deserialize(body, NetworkJson.Default.ConnectBody)!);
}
