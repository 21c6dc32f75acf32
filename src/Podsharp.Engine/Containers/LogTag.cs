using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers;

/// <summary>The tag of a log: text with fields of the container in double braces, "{{.Name}}/{{.ID}}".</summary>
internal static partial class LogTag
{
    public static void Check(string template)
    {
        foreach (Match field in Fields().Matches(template))
        {
            if (field.Groups["name"].Value is not ("ID" or "FullID" or "Name" or "ImageName" or "ImageID" or "ImageFullID" or "DaemonName"))
                throw EngineException.InvalidInput(
                    $"log opt 'tag': {field.Value} is not supported: there are .ID, .FullID, .Name, .ImageName, .ImageID, .ImageFullID and .DaemonName");
        }
    }

    public static string Expand(string template, Container container) => Fields().Replace(template, field => field.Groups["name"].Value switch
    {
        "ID" => container.Id.Short,
        "FullID" => container.Id.ToString(),
        "Name" => container.Name,
        "ImageName" => container.Spec.ImageName,
        "ImageID" => container.ImageId.Short,
        "ImageFullID" => container.ImageId.ToString(),
        "DaemonName" => "podsharp",
        _ => field.Value,
    });

    [GeneratedRegex(@"\{\{\s*(\.(?<name>\w+)\s*|[^}]*)\}\}")]
    private static partial Regex Fields();
}
