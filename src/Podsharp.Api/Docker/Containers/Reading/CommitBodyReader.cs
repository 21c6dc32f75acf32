using Podsharp.Api.Queries;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Turns the body of a commit into what the image is to run. Of a container's configuration an image has no more than this.</summary>
internal static class CommitBodyReader
{
    // Docker.DotNet.Enhanced writes the query into the body, too, by names of its own. What only the body says nobody would obey.
    private static readonly (string Name, string Parameter)[] SaidAgain =
    [
        ("ContainerID", "container"), ("RepositoryName", "repo"), ("Tag", "tag"), ("Comment", "comment"), ("Author", "author"), ("Pause", "pause"), ("Changes", "changes"),
    ];

    public static ImageProcess Read(ContainerConfig body, QueryReader query)
    {
        UnknownFields.Refuse(body, "", [.. SaidAgain.Where(one => query.Has(one.Parameter)).Select(one => one.Name)]);
        UnknownFields.Refuse(body.Healthcheck, "Healthcheck.");
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
