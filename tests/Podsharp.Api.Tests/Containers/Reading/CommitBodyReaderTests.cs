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
        Assert.That(Read("""{"ContainerID":"c","RepositoryName":"r","Changes":["CMD a"],"Comment":null,"User":"7"}""", "container=c&repo=r&changes=CMD+a").User, Is.EqualTo("7"));

    [Test]
    public void Refuses_what_only_the_body_says() => Assert.That(
        () => Read("""{"ContainerID":"c","Changes":["CMD a"]}""", "container=c"), Throws.InstanceOf<EngineException>().With.Message.Contains("unknown field Changes"));

    private static ImageProcess Read(string body, string query) => CommitBodyReader.Read(
        JsonSerializer.Deserialize(body, ContainerJson.Default.ContainerConfig)!,
        new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query)), strictBooleans: false, TimeProvider.System));
}
