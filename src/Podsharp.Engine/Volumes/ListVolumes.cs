using System.Text.RegularExpressions;
using Podsharp.Core.Queries;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Volumes;

/// <summary>Filters: name (a part of it, or a regular expression), driver, label, dangling (no container has it).</summary>
public sealed class ListVolumes(IVolumeStore volumes, VolumeRemoval removal)
{
    public IReadOnlyList<Volume> Run(Filters filters)
    {
        filters.Knowing("name", "driver", "label", "label!", "dangling");
        var dangling = filters.Flag("dangling");
        return
        [
            .. volumes.All
                .Where(volume => filters.AnyOf("name", text => Matches(volume.Name, text)))
                .Where(volume => filters.AnyOf("driver", text => volume.Driver == text))
                .Where(volume => filters.MatchesLabels(volume.Labels))
                .Where(volume => dangling is null || dangling == (removal.UsersOf(volume.Name).Count == 0))
                .OrderBy(volume => volume.Name, StringComparer.Ordinal),
        ];
    }

    private static bool Matches(string name, string text)
    {
        try
        {
            return name == text || Regex.IsMatch(name, text, RegexOptions.NonBacktracking);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
