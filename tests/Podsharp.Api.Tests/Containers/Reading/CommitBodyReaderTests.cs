using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Queries;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class CommitBodyReaderTests
{
    [Test]
    public void Takes_what_the_body_says_again_of_the_query() =>
        Assert.That(Read("""{"ContainerID":"c","RepositoryName":"r","Changes":["CMD a"],"Comment":null,"User":"7"}""", "container=c&repo=r&changes=CMD+a")!.User, Is.EqualTo("7"));

    [TestCase("""{"container":"c","repo":"r","tag":"t","comment":"w","author":"a","pause":true,"changes":"CMD a","User":"7"}""")]
    [TestCase("""{"containerId":"c","repository":"r","tag":"t","message":"w","author":"a","PortSpecs":null,"DisableNetwork":null,"User":"7"}""")]
    public void Takes_the_bodies_of_dockerode_and_docker_java(string body) =>
        Assert.That(Read(body, "container=c&repo=r&tag=t&comment=w&author=a&pause=1&changes=CMD+a")!.User, Is.EqualTo("7"));

    [Test]
    public void Refuses_what_only_the_body_says() => Assert.That(
        () => Read("""{"ContainerID":"c","Changes":["CMD a"]}""", "container=c"), Throws.InstanceOf<EngineException>().With.Message.Contains("unknown field Changes"));

    [TestCase("{}")]
    [TestCase("""{"container":"c","repo":"r","Cmd":null}""")]
    public void A_body_that_says_nothing_of_what_is_run_leaves_it_to_the_container(string body) => Assert.That(Read(body, "container=c&repo=r"), Is.Null);

    private static ImageProcess? Read(string body, string query) => CommitBodyReader.Read(
        JsonSerializer.Deserialize(body, ContainerJson.Default.ContainerConfig)!,
        new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query)), strictBooleans: false, TimeProvider.System));
}
