namespace Podsharp.Core.Storage;

/// <summary>Facts about the store as a whole.</summary>
public interface IStoreIdentity
{
    /// <summary>A UUID made with the store: the engine's ID in info.</summary>
    string Id { get; }

    /// <summary>Overlay facts for info: backing file system, native diff and so on, as key and value.</summary>
    IReadOnlyList<(string Key, string Value)> DriverStatus { get; }
}
