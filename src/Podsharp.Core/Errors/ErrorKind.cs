namespace Podsharp.Core.Errors;

/// <summary>Why an operation failed. The edge maps each kind to one status code; nothing else decides a status.</summary>
public enum ErrorKind
{
    /// <summary>A defect or a broken machine: 500.</summary>
    Internal,

    /// <summary>The request is malformed or contradicts itself: 400.</summary>
    InvalidInput,

    /// <summary>The caller may not do this, or the thing is protected: 403.</summary>
    Forbidden,

    /// <summary>Credentials are missing or wrong: 401.</summary>
    Unauthorized,

    /// <summary>There is no such thing: 404.</summary>
    NotFound,

    /// <summary>The thing exists already, is in use, or is in the wrong state: 409.</summary>
    Conflict,

    /// <summary>Well-formed, but not something this engine or this machine can do: 501.</summary>
    NotSupported,

    /// <summary>The machine has run out of something (disk, inodes, addresses): 507 is not spoken by clients, so 500 with a clear text.</summary>
    Exhausted,

    /// <summary>Try again later: 503.</summary>
    Unavailable,

    /// <summary>Another party (a registry) limits how often it may be asked: 429.</summary>
    TooManyRequests,

    /// <summary>What another party sent is not what it should be, by digest, length or type: 500, for the client did nothing wrong.</summary>
    InvalidData,
}
