namespace Podsharp.Service.Options;

/// <summary>A list as the files read so far leave it.</summary>
/// <param name="Append">What a later file says is added instead of taking this one's place ({append=true}).</param>
/// <param name="AddsToDefault">No file has replaced the built-in default.</param>
internal sealed record ConfiguredList(IReadOnlyList<string> Items, bool Append, bool AddsToDefault)
{
    /// <param name="append">Null: the file has no such attribute, and an earlier file's holds.</param>
    public static ConfiguredList Next(ConfiguredList? former, IReadOnlyList<string> items, bool? append)
    {
        var adds = append ?? former?.Append ?? false;
        return adds
            ? new ConfiguredList([.. former?.Items ?? [], .. items], true, former?.AddsToDefault ?? true)
            : new ConfiguredList(items, false, false);
    }
}
