using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Tests.Containers.Reading;

/// <summary>Create bodies as text, read as the route reads them.</summary>
internal static class CreateBodies
{
    public static CreateReading Read(string json) => Read(json, ApiVersion.DockerMaximum);

    public static CreateReading Read(string json, ApiVersion version) => Read(json, "", version);

    public static CreateReading Read(string json, string query, ApiVersion version) => CreateBodyReader.Read(
        JsonSerializer.Deserialize(json, ContainerJson.Default.CreateBody) ?? throw new InvalidOperationException("null"),
        new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query)), strictBooleans: false, TimeProvider.System),
        version);

    public static ContainerSpec Spec(string json) => Read(json).Spec;

    /// <summary>With these members of HostConfig: <c>"Memory":1</c>.</summary>
    public static ContainerSpec Host(string members) => Spec("{\"Image\":\"x\",\"HostConfig\":{" + members + "}}");

    public static EngineException Refusal(string json) => Assert.Throws<EngineException>(() => Read(json))!;

    public static EngineException HostRefusal(string members) => Refusal("{\"Image\":\"x\",\"HostConfig\":{" + members + "}}");

    /// <summary>A body that a real client sent, recorded between it and dockerd 26.1 by a socket proxy.</summary>
    public static string Captured(string name) =>
        File.ReadAllText(Path.Join(TestContext.CurrentContext.TestDirectory, "Containers", "Captured", name + ".json"));
}
