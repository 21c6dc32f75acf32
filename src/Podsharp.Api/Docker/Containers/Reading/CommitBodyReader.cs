using Podsharp.Api.Queries;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Turns the body of a commit into what the image is to run. Of a container's configuration an image has no more than this.</summary>
internal static class CommitBodyReader
{
    private static readonly ContainerConfig Nothing = new();

    private static readonly SaidAgain OfTheQuery = new(
        ("container", "container"), ("containerId", "container"), ("repo", "repo"), ("repository", "repo"), ("repositoryName", "repo"), ("tag", "tag"),
        ("comment", "comment"), ("message", "comment"), ("author", "author"), ("pause", "pause"), ("changes", "changes"));

    /// <summary>Null where the body says nothing of it (docker-py sends an empty object): changes then build upon what the container has.</summary>
    public static ImageProcess? Read(ContainerConfig? body, QueryReader query)
    {
        if (body is null) return null;
        UnknownFields.Refuse(body, "", OfTheQuery.In(query));
        UnknownFields.Refuse(body.Healthcheck, "Healthcheck.");
        if (body with { Unknown = null } == Nothing) return null;
        return new ImageProcess
        {
            User = body.User,
            Environment = ProcessReader.Environment(body.Env ?? []),
            Entrypoint = body.Entrypoint,
            Command = body.Cmd,
            WorkingDirectory = body.WorkingDir,
            ExposedPorts = [.. (body.ExposedPorts ?? new Dictionary<string, EmptyObject?>()).Keys.SelectMany(PortKey.ParseRange)],
            Volumes = [.. (body.Volumes ?? new Dictionary<string, EmptyObject?>()).Keys],
            Labels = body.Labels ?? new Dictionary<string, string>(),
            StopSignal = string.IsNullOrEmpty(body.StopSignal) ? null : body.StopSignal,
            HealthCheck = HealthReader.Read(body.Healthcheck),
            OnBuild = body.OnBuild,
            Shell = body.Shell,
            ArgsEscaped = body.ArgsEscaped,
        };
    }
}
